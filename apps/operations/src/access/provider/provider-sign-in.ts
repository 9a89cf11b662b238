import { Inject, Injectable, type OnModuleInit } from '@nestjs/common'
import { Clock } from '#platform/clock'
import { CONFIG, type Config } from '#platform/config'
import { AccessLog } from '#platform/identity/access-log'
import { Sessions } from '#platform/identity/sessions'
import { Problem } from '#platform/problems/problem'
import { type ProviderSettings, providerSettings } from '#platform/provider-settings'
import { beginSignIn, begunBy } from './begun-sign-in.js'
import { type Person, personOf } from './claims.js'
import { IdentityProvider } from './identity-provider.js'
import { ProviderAccounts } from './provider-accounts.js'
import { UsedSignIns } from './used-sign-ins.js'

/** Sign-in by the plant's identity provider: out to it, and back with what it says. */
@Injectable()
export class ProviderSignIn implements OnModuleInit {
  private readonly settings: ProviderSettings | undefined
  private readonly provider: IdentityProvider | undefined
  private readonly accounts: ProviderAccounts
  private readonly used: UsedSignIns

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly clock: Clock,
    log: AccessLog,
    sessions: Sessions,
  ) {
    this.settings = providerSettings(config)
    this.provider = this.settings && new IdentityProvider(this.settings)
    this.accounts = new ProviderAccounts(log, sessions)
    this.used = new UsedSignIns(log.pool)
  }

  async onModuleInit(): Promise<void> {
    if (this.provider) await this.used.prepare()
  }

  /** What people call the provider; undefined when there is none. */
  get name(): string | undefined {
    return this.settings?.name
  }

  /**
   * @param callback where the provider is to send the browser back to
   * @param next path of ours to go on to
   * @throws Problem 404 `no-provider`, 503 `provider-unreachable`
   */
  async begin(callback: string, next: string): Promise<{ address: URL; cookie: string }> {
    const { provider } = this.#configured()
    const now = this.clock.now()
    const cookie = beginSignIn(next, now)
    return { address: await provider.addressToSignIn(begunBy(cookie, now)!, callback), cookie }
  }

  /**
   * @param returned the callback's address with all that came along
   * @param cookie of the browser that was sent back
   * @returns the secret of the session that began, and where to go on to
   * @throws Problem 403 with what was not right, 503 `provider-unreachable`
   */
  async finish(
    returned: URL,
    cookie: string | undefined,
    address: string,
    agent: string,
  ): Promise<{ secret: string; next: string }> {
    const { settings, provider } = this.#configured()
    const now = this.clock.now()
    const begun = cookie === undefined ? undefined : begunBy(cookie, now)
    // Before anything is asked or kept: whoever was sent here by somebody else has begun nothing.
    if (!begun || returned.searchParams.get('state') !== begun.state || !(await this.used.use(begun, now))) {
      throw new Problem(
        403,
        'sign-in-not-begun-here',
        'This sign-in was not begun in this browser, took more than ten minutes, or was used before. Begin again here.',
      )
    }
    const person: Person = personOf(await provider.claimsOf(returned, begun), settings)
    const { secret } = await this.accounts.signIn(person, address, agent)
    return { secret, next: begun.next }
  }

  #configured(): { settings: ProviderSettings; provider: IdentityProvider } {
    const { settings, provider } = this
    if (settings && provider) return { settings, provider }
    throw new Problem(404, 'no-provider', 'This Coiltrail has no identity provider: sign in by name and password.')
  }
}
