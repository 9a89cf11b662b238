import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '#platform/identity/roles'
import type { Chance } from './chance.js'
import { signedInAs } from './second-person.js'

/** A command's answer, as far as the simulation reads it. */
export interface Outcome {
  readonly commandId: string
  readonly replayed: boolean
  readonly subject: string
  readonly revision: number
  readonly events: readonly {
    id: string
    stream: string
    revision: number
    type: string
    data: Record<string, unknown>
  }[]
  readonly token: string
}

export interface Problem {
  readonly rule: string
  readonly detail: string
  readonly errors?: readonly { rule: string; pointer?: string; message: string }[]
}

/** The plant said no to a command, with a reason. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  constructor(
    readonly path: string,
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(`${path}: ${status} ${problem.rule}: ${problem.detail} ${JSON.stringify(problem.errors ?? '')}`)
  }

  /** Broken this rule, alone or among others. */
  broke(rule: string): boolean {
    return this.problem.rule === rule || (this.problem.errors ?? []).some((error) => error.rule === rule)
  }
}

export interface Command {
  readonly as: Role
  readonly path: string
  readonly body: object | string
  readonly key: string
  readonly occurredAt?: Date
  readonly contentType?: string
  /** By a person of this role who signed in, not by its key: keys do not approve. */
  readonly signedIn?: boolean
}

/** A server that is down for longer is not coming back by itself. */
const PATIENCE_MS = 180_000
/** A request that nobody answers for so long is sent again, as any browser's would be. */
const SILENCE_MS = 60_000

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/**
 * A person at a tablet: sends a command until it is answered, under one key, however often that takes;
 * taps twice now and then. Every answered command is remembered.
 */
export class PlantClient {
  readonly acknowledged = new Map<string, Outcome>()
  /** Every command that was answered, acknowledged or refused, by its key. */
  readonly sent = new Map<string, Command>()
  /** How many facts of each type were acknowledged. */
  readonly facts = new Map<string, number>()
  readonly counts = { commands: 0, refused: 0, retries: 0, doubleTaps: 0, replays: 0, queries: 0 }
  /** Last consistency token of all commands. */
  token = '0'
  /** Cookies of those who signed in, by role. */
  readonly #people = new Map<Role, Promise<string>>()

  constructor(
    private readonly url: string,
    private readonly tokenOf: (role: Role) => string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws RefusedError when a rule says no; Error when the server stays away or breaks its promises. */
  async command(command: Command, chance: Chance): Promise<Outcome> {
    this.counts.commands++
    const twice = chance.percent(3)
    const [outcome, second] = await Promise.all([this.#send(command), twice ? this.#send(command) : undefined])
    if (second) {
      this.counts.doubleTaps++
      assertSame(outcome, second, command)
    }
    this.acknowledged.set(command.key, outcome)
    for (const { type } of outcome.events) this.facts.set(type, (this.facts.get(type) ?? 0) + 1)
    if (BigInt(outcome.token) > BigInt(this.token)) this.token = outcome.token
    return outcome
  }

  /** Sends a command that was acknowledged before once more: it must answer what it answered then. */
  async again(command: Command): Promise<void> {
    const first = this.acknowledged.get(command.key)
    const second = await this.#send(command)
    this.counts.replays++
    if (first) assertSame(first, second, command)
    if (first && first.events.length > 0 && !second.replayed)
      throw new Error(`${command.path}: done a second time under the key ${command.key}`)
  }

  async get<Body>(path: string): Promise<Body> {
    this.counts.queries++
    const { status, body } = await this.#patiently(path, {
      headers: { authorization: `Bearer ${this.tokenOf('auditor')}` },
    })
    if (status !== 200) throw new RefusedError(path, status, body as Problem)
    return body as Body
  }

  async #send(command: Command): Promise<Outcome> {
    const { as, path, body, key, occurredAt, contentType, signedIn } = command
    const answer = await this.#patiently(path, {
      method: 'POST',
      headers: {
        ...(signedIn ? { cookie: await this.#cookieOf(as) } : { authorization: `Bearer ${this.tokenOf(as)}` }),
        'content-type': contentType ?? 'application/json',
        'idempotency-key': key,
        'x-source': 'api',
      },
      body: typeof body === 'string' ? body : JSON.stringify({ ...body, ...(occurredAt && { occurredAt }) }),
    })
    this.sent.set(key, command)
    if (answer.status < 300) return answer.body as Outcome
    if (answer.status === 422 || answer.status === 404) this.counts.refused++
    throw new RefusedError(path, answer.status, answer.body as Problem)
  }

  #cookieOf(role: Role): Promise<string> {
    const known = this.#people.get(role)
    if (known) return known
    const cookie = signedInAs(role, (path, body) =>
      this.#patiently(path, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.tokenOf('administrator')}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
    this.#people.set(role, cookie)
    return cookie
  }

  /** Tries again while the server is away, restarting or asks for patience; also when it goes in mid-answer. */
  async #patiently(path: string, request: RequestInit): Promise<Answer> {
    const until = Date.now() + PATIENCE_MS
    for (let wait = 20; ; wait = Math.min(wait * 2, 1_000)) {
      try {
        const signal = AbortSignal.any([this.signal, AbortSignal.timeout(SILENCE_MS)])
        const response = await fetch(`${this.url}${path}`, { ...request, signal })
        const { status } = response
        const text = await response.text()
        const later = status === 503 || status === 409
        if (!later || Date.now() > until)
          return { status, headers: response.headers, body: parsed(text, `${this.url}${path}`) }
      } catch (error) {
        this.signal.throwIfAborted()
        if (error instanceof SyntaxError) throw error
        if (Date.now() > until) throw new Error(`${this.url} does not answer: ${reasonOf(error)}`, { cause: error })
      }
      this.counts.retries++
      await sleep(wait, undefined, { signal: this.signal })
    }
  }
}

function parsed(text: string, url: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SyntaxError(`${url} was not answered by a Coiltrail: ${text.slice(0, 200)}`)
  }
}

/** What lies behind fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error
  return cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
}

function assertSame(first: Outcome, second: Outcome, { path, key }: Command): void {
  const ids = (outcome: Outcome) =>
    outcome.events
      .map((event) => event.id)
      .sort()
      .join()
  if (ids(first) !== ids(second)) throw new Error(`${path}: two different outcomes under one key ${key}`)
}
