import type { CoilEvent } from '#domain/coil/events'
import type { MeltEvent } from '#domain/melt/events'
import { coilStream, meltStream } from '#domain/streams'
import type { RecordedEvent } from '#event-store/event-store'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { type TableNames, table } from '#projection/projection'
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

/** A coil of theirs, or a melt of theirs or of which they have coils. */
const seen = (end: 'source' | 'target', of: TableNames) => {
  const [name, number] = [`${of('edges')}."${end}"`, `substr(${of('edges')}."${end}", 6)`]
  return `CASE WHEN ${name} LIKE 'coil-%' THEN EXISTS (SELECT FROM ${of('coils')} c WHERE c."coil" = ${number})
    ELSE EXISTS (SELECT FROM ${of('melt_owners')} o
        WHERE o."castNumber" = ${number} AND o."owner" = ${ASKING_PARTNER} AND o."coils" > 0)
      OR EXISTS (SELECT FROM ${of('melts')} m WHERE m."castNumber" = ${number}) END`
}

/** What made a coil is not told to whom its title passed. */
const ofFirstOwner = (of: TableNames) =>
  `CASE WHEN EXISTS (SELECT FROM ${of('coils')} c
     WHERE c."coil" = substr("target", 6) AND c."titleRevision" IS NULL) THEN "order" END`

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
  partnersSee: {
    rows: (of) => `${seen('source', of)} AND ${seen('target', of)}`,
    instead: { order: ofFirstOwner },
  },
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

/**
 * How many edges coils of the partner who asks have, those to the metal of others too: numbers, and nothing else. Of
 * coils that are not theirs, and of melts, it says nothing.
 */
export const edgesOfOwnCoils = `count_edges("coils" text[])
  RETURNS TABLE ("coil" text, "sources" bigint, "targets" bigint) AS $body$ BEGIN RETURN QUERY
    SELECT c."coil", (SELECT count(*) FROM edges e WHERE e."target" = 'coil-' || c."coil"),
      (SELECT count(*) FROM edges e WHERE e."source" = 'coil-' || c."coil")
    FROM coils c WHERE c."coil" = ANY(count_edges."coils") AND c."owner" = ${ASKING_PARTNER};
  END $body$`
