import { HEADERS } from '#event-feed/kafka/message'
import type { RecordedEvent } from '#event-store/event-store'
import { type BatchLimits, batchesOf } from './batches.js'

const event = (position: bigint, remark = ''): RecordedEvent => ({
  id: `0190a1b2-0000-7000-8000-${String(position).padStart(12, '0')}`,
  stream: 'coil-AZ-1',
  revision: Number(position),
  position,
  type: 'CoilMoved',
  data: { remark },
  metadata: {},
  recordedAt: new Date('2026-11-09T06:00:00Z'),
})

const cut = (events: readonly RecordedEvent[], limits: Partial<BatchLimits>) =>
  [...batchesOf(events, 7n, { events: 1_000, bytes: 1_000_000, ...limits })].map(({ events, messages }) => ({
    positions: events.map(({ position }) => position),
    previous: messages.map(({ headers }) => headers![HEADERS.previous]),
  }))

describe('A batch', () => {
  it('links each event to the one before it, the first to that of the batch before', () => {
    expect(cut([event(9n), event(10n), event(14n)], { events: 2 })).toEqual([
      { positions: [9n, 10n], previous: ['7', '9'] },
      { positions: [14n], previous: ['10'] },
    ])
  })

  it('has no more bytes than one message may have, unless it is one event', () => {
    const large = 'ă'.repeat(2_000)
    const positions = cut([event(8n), event(9n, large), event(10n), event(11n)], { bytes: 3_000 }).map(
      (batch) => batch.positions,
    )
    expect(positions).toEqual([[8n], [9n], [10n, 11n]])
  })

  it('is none where there is no event', () => {
    expect(cut([], {})).toEqual([])
  })
})
