/** How many appends a second an event store takes, each of one event to a stream of its own, and how long each waits. */
import { randomUUID } from 'node:crypto'
import type { EventStore, EventToAppend } from '#event-store/event-store'

export interface AppendRate {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
}

export function benchAppend(store: EventStore, load: { inFlight: number; seconds: number }): Promise<AppendRate> {
  return benchWrites(async (stream) => {
    await store.append([{ stream, expected: 'none', events: [coilReceived(stream)] }])
  }, load)
}

/** The same load on any store: `write` appends one `coilReceived` to a new stream. */
export async function benchWrites(
  write: (stream: string) => Promise<void>,
  { inFlight, seconds }: { inFlight: number; seconds: number },
): Promise<AppendRate> {
  const run = randomUUID().slice(0, 8)
  const waits: number[] = []
  let next = 0
  const begun = performance.now()
  const until = begun + seconds * 1000
  const writer = async () => {
    for (let now = performance.now(); now < until; ) {
      await write(`coil-${run}-${next++}`)
      const then = performance.now()
      waits.push(then - now)
      now = then
    }
  }
  await Promise.all(Array.from({ length: inFlight }, writer))
  const perSecond = Math.round(waits.length / ((performance.now() - begun) / 1000))
  waits.sort((a, b) => a - b)
  const percentile = (share: number) => Math.round(waits[Math.floor(waits.length * share)]! * 100) / 100
  return { perSecond, p50: percentile(0.5), p99: percentile(0.99) }
}

/** An event of the size that a plant writes: about 260 bytes of data, and as much metadata. */
export function coilReceived(coil: string): EventToAppend & { readonly data: Record<string, unknown> } {
  const occurredAt = '2026-07-11T10:22:33.000Z'
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
    metadata: {
      commandId: randomUUID(),
      requestHash: 'a3f5a3f5a3f5a3f5a3f5a3f5a3f5a3f5',
      actor: 'op-17',
      role: 'operator',
      source: 'api',
      occurredAt,
      correlationId: randomUUID(),
      schemaVersion: '1',
    },
  }
}
