/** A coil's history in words, read from the events themselves: they are the timeline, a copy of them would be a second one. */
import { Inject, Injectable } from '@nestjs/common'
import { z } from 'zod'
import { STREAM_READER, type StreamReader } from '#event-feed/event-feed'
import type { RecordedEvent } from '#event-store/event-store'
import { occurredAt } from '../projection/part.js'
import { inWords } from './in-words.js'
import { OwnHistory, type Told } from './own-history.js'

const instant = z.iso.datetime()

export const timelineEntry = z.strictObject({
  revision: z.int(),
  position: z.string(),
  eventId: z.string(),
  type: z.string(),
  words: z.string(),
  occurredAt: instant.describe('when it happened in the plant, as told'),
  recordedAt: instant.describe('when it was recorded; never earlier'),
  late: z.boolean().describe('it happened before something that was recorded earlier'),
  actor: z.string().nullable(),
  role: z.string().nullable(),
  source: z.string().nullable().describe('by what it came in: ui, scanner, api, import'),
  data: z.record(z.string(), z.unknown()).describe('the fact itself'),
})
export type TimelineEntry = z.output<typeof timelineEntry>

@Injectable()
export class Timeline {
  constructor(
    @Inject(STREAM_READER) private readonly reader: StreamReader,
    private readonly own: OwnHistory,
  ) {}

  /** All entries up to a revision, which the read model has: never more than it answers elsewhere. */
  async of(stream: string, upTo: number): Promise<TimelineEntry[]> {
    const events: RecordedEvent[] = []
    for await (const event of this.reader.read(stream)) {
      if (event.revision > upTo) break
      events.push(event)
    }
    const entries: TimelineEntry[] = []
    let latest = ''
    for (const told of await this.own.told(events)) {
      const entry = entryOf(told, latest)
      entries.push(entry)
      if (entry.occurredAt > latest) latest = entry.occurredAt
    }
    return entries
  }
}

function entryOf({ event, fact }: Told, latest: string): TimelineEntry {
  const { metadata } = event
  const happened = occurredAt(event).toISOString()
  return {
    revision: event.revision,
    position: event.position.toString(),
    eventId: event.id,
    type: event.type,
    words: inWords(fact),
    occurredAt: happened,
    recordedAt: event.recordedAt.toISOString(),
    late: happened < latest,
    actor: metadata.actor ?? null,
    role: metadata.role ?? null,
    source: metadata.source ?? null,
    data: fact.data as Record<string, unknown>,
  }
}
