import { accessEvents } from './access/events.js'
import { approvalEvents } from './approval/events.js'
import { arrivalEvents } from './arrivals/events.js'
import { castingEvents } from './casting/events.js'
import { coilEvents } from './coil/events.js'
import { type EventsOf, readEvent, type StoredEvent } from './event.js'
import { meltEvents } from './melt/events.js'
import { packEvents } from './pack/events.js'
import { plantEvents } from './plant/events.js'
import { processingEvents } from './processing/events.js'
import { salesEvents } from './sales/events.js'

/** Every event of Coiltrail, all versions: what projections read, and what the published JSON Schemas are made of. */
export const allEvents = {
  ...plantEvents,
  ...arrivalEvents,
  ...meltEvents,
  ...castingEvents,
  ...coilEvents,
  ...packEvents,
  ...processingEvents,
  ...salesEvents,
  ...approvalEvents,
  ...accessEvents,
} as const

export type PlantFact = EventsOf<typeof allEvents>

/** Any recorded event in today's version. @throws UnknownEventError */
export const readFact = (event: StoredEvent): PlantFact => readEvent(allEvents, event)

/** A fact with its place in its stream: what a correction names. */
export interface RecordedFact {
  readonly eventId: string
  readonly revision: number
  readonly fact: PlantFact
}

/** The version that an event of this type is written in today. */
export const currentVersion = (type: keyof typeof allEvents): number => allEvents[type].history.length
