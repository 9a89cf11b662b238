import type { Role } from '#platform/identity/roles'
import type { Chance } from './chance.js'
import type { PlantTime, Watch } from './clock.js'
import { type Command, type Outcome, type PlantClient, RefusedError } from './plant-client.js'

/** One wound strip, as the simulation knows it from the plant's answers. */
export interface Strip {
  readonly coil: string
  readonly netWeightKg: number
  readonly product: {
    readonly alloy: string
    readonly temper: string
    readonly gaugeMm: number
    readonly widthMm: number
    readonly innerDiameterMm?: number
    readonly outerDiameterMm?: number
    readonly form?: string
  }
}

/** Some people who work on one job: their watch, their luck, and how they tell the plant what they did. */
export class Crew {
  constructor(
    readonly name: string,
    readonly chance: Chance,
    readonly watch: Watch,
    private readonly client: PlantClient,
    private readonly time: PlantTime,
    private readonly tag: string,
  ) {}

  /** Tells what took so many minutes. Now and then it is told again later, as a scanner does that lost its answer. */
  async tell(as: Role, path: string, body: object, minutes: number): Promise<Outcome> {
    const command: Command = { ...this.#command(as, path, body), occurredAt: this.watch.after(minutes) }
    return this.#send(command)
  }

  /** As `tell`, but late: it happened hours before it is told. */
  async tellLate(as: Role, path: string, body: object, minutes: number): Promise<Outcome> {
    const occurredAt = this.watch.after(minutes)
    this.watch.after(this.chance.int(60, 600))
    return this.#send({ ...this.#command(as, path, body), occurredAt })
  }

  /** What takes two: asked for, and approved by somebody who signed in, so many minutes later. */
  async tellByTwo(as: Role, path: string, body: object, minutes: number, later: number): Promise<Outcome> {
    const asked = await this.tell(as, path, body, minutes)
    const approve = `/api/approvals/${asked.subject.replace('approval-', '')}/approve`
    const occurredAt = this.watch.after(later)
    return this.#send({ ...this.#command(as, approve, {}), signedIn: true, occurredAt })
  }

  async tellCsv(path: string, csv: string): Promise<Outcome> {
    return this.#send({ ...this.#command('operator', path, csv), contentType: 'text/csv' })
  }

  /** Tries what a rule must refuse. @throws Error if it is not refused by that rule. */
  async mustBeRefused(rule: string, as: Role, path: string, body: object): Promise<void> {
    try {
      await this.tell(as, path, body, 1)
    } catch (error) {
      if (error instanceof RefusedError && error.broke(rule)) return
      throw error
    }
    throw new Error(`${path} should have been refused by ${rule}, but was recorded`)
  }

  #command(as: Role, path: string, body: object | string): Command {
    return { as, path, body, key: `${this.tag}-${this.chance.key()}` }
  }

  async #send(command: Command): Promise<Outcome> {
    await this.time.until(this.watch.now())
    const outcome = await this.client.command(command, this.chance)
    if (this.chance.percent(2)) await this.client.again(command)
    return outcome
  }

  /** Everything that an answer recorded of one type. */
  static facts(outcome: Outcome, type: string): Record<string, unknown>[] {
    return outcome.events.filter((event) => event.type === type).map((event) => event.data)
  }
}
