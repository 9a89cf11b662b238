import type { TimelineEntry } from '../timeline/timeline.js'

/** Entries of a timeline that say what the coil weighs, as a list of weighings. */
export function weighingsIn(timeline: readonly TimelineEntry[]) {
  return timeline.flatMap((entry) => {
    const how = HOW[entry.type]
    if (!how) return []
    const data = entry.data as unknown as Weighed
    return [
      {
        at: entry.occurredAt,
        netWeightKg: data.netWeightKg,
        grossWeightKg: data.grossWeightKg ?? null,
        how: how(data),
        adjustmentKg: data.adjustmentKg ?? null,
        revision: entry.revision,
      },
    ]
  })
}

interface Weighed {
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly adjustmentKg?: number
  readonly scale?: string
  readonly reason?: string
  readonly weighing?: { readonly by: 'scale' | 'declared'; readonly scale?: string }
}

const born = (what: string) => (data: Weighed) =>
  data.weighing?.by === 'scale'
    ? `${what}, weighed${data.weighing.scale ? ` on ${data.weighing.scale}` : ''}`
    : `${what}, as declared`

const HOW: Readonly<Record<string, (data: Weighed) => string>> = {
  CoilAnnounced: () => 'announced',
  CoilReceived: born('received'),
  CoilCast: born('cast'),
  CoilProduced: born('produced'),
  CoilWeighed: ({ scale }) => `weighed on ${scale}`,
  CoilWeightCorrected: ({ reason }) => `corrected: ${reason}`,
  CoilTreated: () => 'after treatment',
  CoilReturned: () => 'returned',
}
