/** Accounts of people for whom the provider answers: opened when they first come, with the rights that it gives them now. */
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { type AccessLog, note } from '#platform/identity/access-log'
import { isNameFree } from '#platform/identity/names'
import type { Actor, Rights } from '#platform/identity/roles'
import type { Begun, Sessions, Visit } from '#platform/identity/sessions'
import { withoutNulls } from '#platform/identity/tables'
import { Problem } from '#platform/problems/problem'
import type { Person } from './claims.js'

const LONGEST_NAME = 100

interface Account extends Rights {
  readonly id: string
  readonly name: string
  readonly closed: boolean
}

export class ProviderAccounts {
  constructor(
    private readonly log: AccessLog,
    private readonly sessions: Sessions,
  ) {}

  /**
   * Begins a session of theirs.
   * @throws Problem 403 `no-rights` or `account-closed`: noted, and with `no-rights` their sessions are ended
   */
  async signIn(person: Person, address: string, agent: string): Promise<Begun> {
    // Answered, not thrown: what is noted of a refusal must stay.
    const come = await this.log.within((client) => this.#come(client, person, { way: 'provider', address, agent }))
    if (come instanceof Problem) throw come
    return come
  }

  async #come(client: pg.PoolClient, person: Person, visit: Visit): Promise<Begun | Problem> {
    const id = idOf(person)
    // One who comes twice at once is one account.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`coiltrail account ${id}`])
    const known = await find(client, person)
    const { rights } = person
    if (known?.closed) {
      await refuse(client, known, 'closed', visit)
      return new Problem(403, 'account-closed', 'Your account here is closed. Ask whoever runs Coiltrail.')
    }
    if (!rights) {
      await refuse(client, known ?? { id, name: person.name }, 'no-rights', visit)
      if (known) await this.sessions.end(client, { account: known.id }, providerOf(person))
      return new Problem(
        403,
        'no-rights',
        'The identity provider knows you, but gives you no role in Coiltrail. Ask whoever runs it for one.',
      )
    }
    const account = known ?? (await open(client, id, person, rights))
    if (account.role !== rights.role || account.partner !== rights.partner) {
      await change(client, account, rights, providerOf(person))
    }
    return this.sessions.begin(client, { id: account.id, name: account.name, ...rights }, visit)
  }
}

async function find(client: pg.PoolClient, { issuer, subject }: Person): Promise<Account | undefined> {
  const { rows } = await client.query<Account>(
    `SELECT id, name, role, partner, closed_at IS NOT NULL AS closed
     FROM identity.account WHERE issuer = $1 AND subject = $2`,
    [issuer, subject],
  )
  return rows.map(withoutNulls)[0]
}

async function open(client: pg.PoolClient, id: string, person: Person, rights: Rights): Promise<Account> {
  const { issuer, subject } = person
  for (const name of namesFor(person, id)) {
    if (!(await isNameFree(client, name))) continue
    await client.query(
      'INSERT INTO identity.account (id, name, role, partner, issuer, subject) VALUES ($1, $2, $3, $4, $5, $6)',
      [id, name, rights.role, rights.partner, issuer, subject],
    )
    await note(client, { type: 'AccountOpened', data: { account: id, name, ...rights, issuer } })
    return { id, name, closed: false, ...rights }
  }
  throw new Error(`all names for account ${id} are taken`)
}

async function change(client: pg.PoolClient, { id, name }: Account, rights: Rights, by: Actor): Promise<void> {
  const { role, partner } = rights
  await client.query('UPDATE identity.account SET role = $2, partner = $3 WHERE id = $1', [id, role, partner ?? null])
  await note(client, { type: 'AccountRightsChanged', data: { account: id, name, ...rights, by: by.name } }, by)
}

async function refuse(
  client: pg.PoolClient,
  { id, name }: { id: string; name: string },
  why: 'closed' | 'no-rights',
  { address }: Visit,
): Promise<void> {
  await note(client, { type: 'SignInRefused', data: { account: id, name, why, address } })
}

/** Their own, unless somebody else has it: nobody gets into an account by calling themselves like its owner. */
function namesFor({ name, issuer }: Person, id: string): string[] {
  const host = new URL(issuer).host.slice(0, 60)
  return [name, withSuffix(name, host), withSuffix(name, `${host} ${id.slice(0, 8)}`)]
}

function withSuffix(name: string, suffix: string): string {
  const end = ` (${suffix})`
  let start = name
  // By whole characters, so that none is cut in two.
  while (start.length + end.length > LONGEST_NAME) start = [...start].slice(0, -1).join('')
  return start + end
}

/** The same whenever they come: what is noted of them before they have an account stands in the same stream. */
function idOf({ issuer, subject }: Person): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify([issuer, subject]))
    .digest()
    .subarray(0, 16)
  // UUID version 8, RFC 9562: made in a way of our own.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const providerOf = ({ issuer }: Person): Actor => ({
  kind: 'coiltrail',
  id: 'identity-provider',
  name: `identity provider ${new URL(issuer).host.slice(0, 60)}`,
  role: 'administrator',
  source: 'api',
})
