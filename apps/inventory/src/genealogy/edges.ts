import type { CoilEvent } from '#domain/coil/events'
import type { MeltEvent } from '#domain/melt/events'
import { coilStream, meltStream } from '#domain/streams'
import type { RecordedEvent } from '#event-store/event-store'
import { table } from '#projection/projection'
import { occurredAt } from '../projection/part.js'

/** Metal of one coil or melt that went into another; both by the names of their streams. */
export interface EdgeRow {
  source: string
  target: string
  kg: number
  /** How: `received`, `cast`, or the step of the process order. */
  step: string
  /** Casting run or process order. */
  order: string | null
  occurredAt: Date
}

export const edges = table<EdgeRow>({
  name: 'edges',
  primaryKey: ['source', 'target'],
  columns: {
    source: 'text',
    target: 'text',
    kg: 'integer',
    step: 'text',
    order: 'text null',
    occurredAt: 'timestamptz',
  },
  indexes: ['("target")'],
})

/** Edges come from the birth of what was made, so that each is told once. */
export function birthEdges({ type, data }: CoilEvent | MeltEvent, event: RecordedEvent): EdgeRow[] {
  const at = occurredAt(event)
  switch (type) {
    case 'CoilReceived':
      return [edge(meltStream(data.castNumber), coilStream(data.coil), data.netWeightKg, 'received', null, at)]
    case 'CoilCast':
      return data.melts.map(({ castNumber, kg }) =>
        edge(meltStream(castNumber), coilStream(data.coil), kg, 'cast', data.castingRun, at),
      )
    case 'CoilProduced':
      return data.from.map(({ coil, kg }) =>
        edge(coilStream(coil), coilStream(data.coil), kg, data.step, data.processOrder, at),
      )
    case 'MeltRecorded':
      return data.from.map(({ coil, kg }) =>
        edge(coilStream(coil), meltStream(data.castNumber), kg, 'remelt', null, at),
      )
    default:
      return []
  }
}

function edge(source: string, target: string, kg: number, step: string, order: string | null, at: Date): EdgeRow {
  return { source, target, kg, step, order, occurredAt: at }
}
