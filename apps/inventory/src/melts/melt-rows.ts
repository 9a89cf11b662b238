import { type MeltEvent, meltEvents } from '#domain/melt/events'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { row, type TableNames, table } from '#projection/projection'
import { birthEdges, edges } from '../genealogy/edges.js'
import { occurredAt, type Part } from '../projection/part.js'

export interface Analysis {
  /** Mass-%. */
  readonly elements: Readonly<Record<string, number>>
  readonly outside: readonly {
    readonly element: string
    readonly value: number
    readonly min?: number
    readonly max?: number
  }[]
  readonly accepted?: { readonly reason: string; readonly acceptedBy: string }
  /** ISO 8601, UTC. */
  readonly analysedAt: string
}

export interface MeltRow {
  castNumber: string
  revision: number
  alloy: string
  owner: string | null
  origin: 'furnace' | 'remelt' | 'supplier' | null
  netWeightKg: number | null
  furnace: string | null
  recordedOn: Date
  /** The last one is the one that counts. */
  analyses: Analysis[]
  castingRuns: string[]
}

/** Their own melts whole; of all others from which metal of theirs was made what is in it: its certificate. */
const own = `"owner" IS NOT DISTINCT FROM ${ASKING_PARTNER}`
const ifOwn = (column: string, otherwise = 'NULL') => `CASE WHEN ${own} THEN "${column}" ELSE ${otherwise} END`
const hasTheirCoils = (of: TableNames) =>
  `EXISTS (SELECT FROM ${of('melt_owners')} o WHERE o."castNumber" = ${of('melts')}."castNumber" AND o."coils" > 0)`

export const meltTable = table<MeltRow>({
  name: 'melts',
  primaryKey: ['castNumber'],
  partnersSee: {
    rows: (of) => `"owner" = ${ASKING_PARTNER} OR ${hasTheirCoils(of)}`,
    instead: {
      owner: ifOwn('owner'),
      netWeightKg: ifOwn('netWeightKg'),
      furnace: ifOwn('furnace'),
      castingRuns: ifOwn('castingRuns', `'{}'`),
      analyses: ifOwn(
        'analyses',
        `(SELECT coalesce(jsonb_agg("said" - 'accepted' ORDER BY "n"), '[]')
          FROM jsonb_array_elements("analyses") WITH ORDINALITY AS "analysis"("said", "n"))`,
      ),
    },
  },
  columns: {
    castNumber: 'text',
    revision: 'integer',
    alloy: 'text',
    owner: 'text null',
    origin: 'text null',
    netWeightKg: 'integer null',
    furnace: 'text null',
    recordedOn: 'timestamptz',
    analyses: 'jsonb',
    castingRuns: 'text[]',
  },
})

export const melts: Part<MeltEvent> = {
  tables: [meltTable],
  catalog: meltEvents,
  reads: ({ data }) => [row(meltTable, data.castNumber)],
  apply(fact, event, rows) {
    const { type, data } = fact
    const at = occurredAt(event)
    const before = rows.get(meltTable, data.castNumber)
    const { revision } = event
    switch (type) {
      case 'MeltRecorded':
        rows.put(meltTable, {
          castNumber: data.castNumber,
          alloy: data.alloy,
          owner: data.owner,
          origin: data.origin,
          netWeightKg: data.netWeightKg ?? null,
          furnace: data.furnace ?? null,
          recordedOn: at,
          analyses: before?.analyses ?? [],
          castingRuns: before?.castingRuns ?? [],
          revision,
        })
        for (const edge of birthEdges(fact, event)) rows.put(edges, edge)
        return
      case 'MeltAnalysed': {
        const { elements, outside, accepted } = data
        const analysis = { elements, outside, ...(accepted && { accepted }), analysedAt: at.toISOString() }
        rows.put(meltTable, {
          ...(before ?? unrecorded(data.castNumber, at)),
          alloy: data.alloy,
          analyses: [...(before?.analyses ?? []), analysis],
          revision,
        })
        return
      }
      case 'MeltCharged':
        rows.change(meltTable, data.castNumber, {
          castingRuns: [...new Set([...(before?.castingRuns ?? []), data.castingRun])],
          revision,
        })
    }
  },
}

/** A supplier's melt may be known by its certificate alone. */
const unrecorded = (castNumber: string, at: Date) => ({
  castNumber,
  owner: null,
  origin: null,
  netWeightKg: null,
  furnace: null,
  recordedOn: at,
  castingRuns: [],
})
