/** How many appends a second an event store takes, each of one event to a stream of its own, and how long each waits. */
import { randomUUID } from 'node:crypto'
import type { EventStore, EventToAppend } from '#event-store/event-store'
import { type Load, type Rate, rateOf } from './rate.js'

export function benchAppend(store: EventStore, load: Load): Promise<Rate> {
  return benchWrites(async (stream) => {
    await store.append([{ stream, expected: 'none', events: [coilReceived(stream)] }])
  }, load)
}

/** The same load on any store: `write` appends one `coilReceived` to a new stream. */
export function benchWrites(write: (stream: string) => Promise<void>, load: Load): Promise<Rate> {
  const run = randomUUID().slice(0, 8)
  let next = 0
  return rateOf(() => write(`coil-${run}-${next++}`), load)
}

/** An event of the size that a plant writes: about 260 bytes of data, and as much metadata. */
export function coilReceived(coil: string): EventToAppend & { readonly data: Record<string, unknown> } {
  return {
    type: 'CoilReceived',
    data: {
      coil,
      alloy: 'EN AW-8011A',
      temper: 'H14',
      gaugeMm: 6.35,
      widthMm: 1500,
      innerDiameterMm: 508,
      outerDiameterMm: 1650,
      netWeightKg: 8423,
      grossWeightKg: 8490,
      location: 'BAY-A-07',
      owner: 'AZERAL',
    },
    metadata: eventMetadata(),
  }
}

/** What the command pipeline writes beside every event. */
export function eventMetadata(occurredAt = '2026-07-11T10:22:33.000Z') {
  return {
    commandId: randomUUID(),
    requestHash: 'a3f5a3f5a3f5a3f5a3f5a3f5a3f5a3f5',
    actor: 'op-17',
    role: 'operator',
    source: 'api',
    occurredAt,
    correlationId: randomUUID(),
    schemaVersion: '1',
  }
}
