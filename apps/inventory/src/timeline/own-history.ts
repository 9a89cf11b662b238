/** Events as whoever asks may read them: staff all that their role may, partners those of their coils. */
import { Injectable } from '@nestjs/common'
import type { CoilEvent } from '#domain/coil/events'
import { type PlantFact, readFact } from '#domain/events'
import type { RecordedEvent } from '#event-store/event-store'
import { currentActor } from '#platform/identity/acting'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { asOwnerSees, isCoilEvent, relativesIn, wasAnothers } from './as-owner-sees.js'

/** An event, and as much of what it says as may be told. */
export interface Told {
  readonly event: RecordedEvent
  readonly fact: PlantFact
}

/** Who came in, who was refused, what was approved: for those who watch over it. */
const SECURITY = ['account-', 'apiKey-', 'refusals-', 'approval-']
const WATCHERS: ReadonlySet<string> = new Set(['auditor', 'administrator'])

@Injectable()
export class OwnHistory {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  /** In the same order; what may not be told is left out. Whose a coil is, is asked of the read model now. */
  async told(events: readonly RecordedEvent[]): Promise<readonly Told[]> {
    const { role } = currentActor()
    if (role === 'partner') return this.ofTheirs(events)
    const open = WATCHERS.has(role) ? events : events.filter(({ stream }) => !isSecurity(stream))
    return open.map((event) => ({ event, fact: readFact(event) }))
  }

  private async ofTheirs(events: readonly RecordedEvent[]): Promise<readonly Told[]> {
    const facts = events
      .filter(({ stream }) => stream.startsWith('coil-'))
      .map((event) => ({ event, fact: readFact(event) }))
      .filter((told): told is Told & { fact: CoilEvent } => isCoilEvent(told.fact))
    if (facts.length === 0) return []
    const others = facts.map(({ fact }) => relativesIn(fact))
    const [titles, melts] = await Promise.all([
      this.titles([...facts.map(({ fact }) => fact.data.coil), ...others.flatMap(({ coils }) => coils)]),
      this.melts(others.flatMap(({ melts }) => melts)),
    ])
    const sees = {
      seesCoil: (coil: string) => titles.has(coil),
      seesMelt: (castNumber: string) => melts.has(castNumber),
      wasAlwaysTheirs: (coil: string) => titles.get(coil) === null,
    }
    return facts.flatMap(({ event, fact }) => {
      const titleRevision = titles.get(fact.data.coil)
      if (titleRevision === undefined) return []
      const asking = { ...sees, titleRevision }
      const seen = asOwnerSees(fact, event.revision, asking)
      return seen ? [{ event: wasAnothers(event.revision, asking) ? unsigned(event) : event, fact: seen }] : []
    })
  }

  private async titles(coils: readonly string[]): Promise<ReadonlyMap<string, number | null>> {
    const rows = await this.reader.query<{ coil: string; titleRevision: number | null }[]>(
      `SELECT "coil", "titleRevision" FROM coils WHERE "coil" = ANY($1)`,
      [[...new Set(coils)]],
    )
    return new Map(rows.map(({ coil, titleRevision }) => [coil, titleRevision]))
  }

  private async melts(castNumbers: readonly string[]): Promise<ReadonlySet<string>> {
    if (castNumbers.length === 0) return new Set()
    const rows = await this.reader.query<{ castNumber: string }[]>(
      `SELECT "castNumber" FROM melts WHERE "castNumber" = ANY($1)`,
      [[...new Set(castNumbers)]],
    )
    return new Set(rows.map(({ castNumber }) => castNumber))
  }
}

/** Keys are named for whom they were made. */
const unsigned = (event: RecordedEvent): RecordedEvent => {
  const { actor: _, ...metadata } = event.metadata
  return { ...event, metadata }
}

const isSecurity = (stream: string) => SECURITY.some((prefix) => stream.startsWith(prefix))
