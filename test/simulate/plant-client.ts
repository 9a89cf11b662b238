import { setTimeout as sleep } from 'node:timers/promises'
import type { Role } from '#platform/identity/roles'
import type { Chance } from './chance.js'

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
}

/** A server that is down for longer is not coming back by itself. */
const PATIENCE_MS = 180_000

/**
 * A person at a tablet: sends a command until it is answered, under one key, however often that takes;
 * taps twice now and then. Every acknowledged command is remembered.
 */
export class PlantClient {
  readonly acknowledged = new Map<string, Outcome>()
  readonly counts = { commands: 0, refused: 0, retries: 0, doubleTaps: 0, replays: 0, queries: 0 }
  /** Last consistency token of all commands. */
  token = '0'

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
    const response = await this.#patiently(() =>
      fetch(`${this.url}${path}`, {
        headers: { authorization: `Bearer ${this.tokenOf('auditor')}` },
        signal: this.signal,
      }),
    )
    const body = await response.json()
    if (!response.ok) throw new RefusedError(path, response.status, body as Problem)
    return body as Body
  }

  async #send({ as, path, body, key, occurredAt, contentType }: Command): Promise<Outcome> {
    const told = typeof body === 'string' ? body : JSON.stringify({ ...body, ...(occurredAt && { occurredAt }) })
    const response = await this.#patiently(() =>
      fetch(`${this.url}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.tokenOf(as)}`,
          'content-type': contentType ?? 'application/json',
          'idempotency-key': key,
          'x-source': 'api',
        },
        body: told,
        signal: this.signal,
      }),
    )
    const answer = await response.json()
    if (response.ok) return answer as Outcome
    if (response.status === 422 || response.status === 404) this.counts.refused++
    throw new RefusedError(path, response.status, answer as Problem)
  }

  /** Tries again while the server is away, restarting or asks for patience. */
  async #patiently(request: () => Promise<Response>): Promise<Response> {
    const until = Date.now() + PATIENCE_MS
    for (let wait = 20; ; wait = Math.min(wait * 2, 1_000)) {
      try {
        const response = await request()
        if (response.status !== 503 && response.status !== 409) return response
        if (Date.now() > until) return response
        await response.body?.cancel()
      } catch (error) {
        if (this.signal.aborted || Date.now() > until) throw error
      }
      this.counts.retries++
      await sleep(wait, undefined, { signal: this.signal })
    }
  }
}

function assertSame(first: Outcome, second: Outcome, { path, key }: Command): void {
  const ids = (outcome: Outcome) =>
    outcome.events
      .map((event) => event.id)
      .sort()
      .join()
  if (ids(first) !== ids(second)) throw new Error(`${path}: two different outcomes under one key ${key}`)
}
