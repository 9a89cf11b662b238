/** The plant's identity provider, as OpenID Connect has it: authorisation code with PKCE, a signed ID token. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  type ServerMetadata,
} from 'openid-client'
import type { ProviderSettings } from '#platform/provider-settings'
import type { BegunSignIn } from './begun-sign-in.js'
import { type Claims, isTold } from './claims.js'
import { limitedFetch } from './limited-fetch.js'
import { notTrusted, unreachable } from './provider-problems.js'

/** For each question of a sign-in: its description, the token, its keys, the rest of the claims. */
const PATIENCE_SECONDS = 5
/** A provider moves its addresses rarely; its keys are asked for anew by every sign-in. */
const KNOWN_MS = 60 * 60 * 1000

export class IdentityProvider {
  #known: { readonly metadata: ServerMetadata; readonly until: number } | undefined
  #asking: Promise<ServerMetadata> | undefined

  constructor(private readonly settings: ProviderSettings) {}

  /**
   * Where the browser is sent to.
   * @throws Problem 503 `provider-unreachable`
   */
  async addressToSignIn({ state, nonce, verifier }: BegunSignIn, callback: string): Promise<URL> {
    return buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: callback,
      scope: this.settings.scopes,
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
  }

  /**
   * What the provider says of whom it sent back: signed by it, for us, now, and for this sign-in.
   * @param returned the address of the callback with all that was given along
   * @throws Problem 503 `provider-unreachable`, 403 `sign-in-cancelled` or `provider-answer-not-valid`
   */
  async claimsOf(returned: URL, { state, nonce, verifier }: BegunSignIn): Promise<Claims> {
    const configuration = await this.#configuration()
    try {
      const expected = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier }
      const tokens = await authorizationCodeGrant(configuration, returned, expected)
      const claims = tokens.claims()!
      if (this.#areEnough(claims) || !configuration.serverMetadata().userinfo_endpoint) return claims
      return { ...(await fetchUserInfo(configuration, tokens.access_token, claims.sub)), ...claims }
    } catch (error) {
      throw notTrusted(error)
    }
  }

  /** Some providers keep ID tokens short, and tell the rest when asked. */
  #areEnough(claims: Claims): boolean {
    const { nameClaim, roleClaim } = this.settings
    return [nameClaim, roleClaim].every((claim) => isTold(claims, claim))
  }

  /**
   * A new one for every sign-in. It keeps the keys that it fetched, and would not ask for others within a minute: what
   * a provider signs with a key that it has just changed to would be refused, and with one that it withdrew be taken.
   */
  async #configuration(): Promise<Configuration> {
    const { clientId, clientSecret } = this.settings
    const metadata = await this.#metadata()
    const configuration = new Configuration(metadata, clientId, clientSecret, this.#authentication(metadata))
    configuration.timeout = PATIENCE_SECONDS
    configuration[customFetch] = limitedFetch
    enableNonRepudiationChecks(configuration)
    if (this.#isInTheClear) allowInsecureRequests(configuration)
    return configuration
  }

  /** Basic is what a client has that nobody registered otherwise. */
  #authentication({ token_endpoint_auth_methods_supported: ways = ['client_secret_basic'] }: ServerMetadata) {
    const { clientSecret } = this.settings
    if (clientSecret === undefined) return None()
    return ways.includes('client_secret_basic') ? ClientSecretBasic(clientSecret) : ClientSecretPost(clientSecret)
  }

  async #metadata(): Promise<ServerMetadata> {
    if (this.#known && this.#known.until > performance.now()) return this.#known.metadata
    this.#asking ??= this.#discover().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #discover(): Promise<ServerMetadata> {
    const { issuer, clientId } = this.settings
    try {
      const found = await discovery(issuer, clientId, undefined, None(), {
        timeout: PATIENCE_SECONDS,
        [customFetch]: limitedFetch,
        execute: this.#isInTheClear ? [allowInsecureRequests] : [],
      })
      const metadata = found.serverMetadata()
      this.#known = { metadata, until: performance.now() + KNOWN_MS }
      return metadata
    } catch (error) {
      throw unreachable(error)
    }
  }

  get #isInTheClear(): boolean {
    return this.settings.issuer.protocol === 'http:'
  }
}
