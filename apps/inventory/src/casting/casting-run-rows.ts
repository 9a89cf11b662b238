import { type CastingEvent, castingEvents } from '#domain/casting/events'
import type { MassBalance, Override } from '#domain/words'
import { row, table } from '#projection/projection'
import type { Part } from '../projection/part.js'

export interface CastingRunRow {
  castingRun: string
  revision: number
  state: 'running' | 'finished'
  line: string
  alloy: string
  owner: string
  melts: { castNumber: string; kg: number }[]
  /** Those cast so far; which they are the coils tell. */
  coils: number
  coilsKg: number
  balance: MassBalance | null
  toleranceKg: number | null
  override: Override | null
  startedAt: Date
  finishedAt: Date | null
}

export const castingRuns = table<CastingRunRow>({
  name: 'casting_runs',
  partnersSee: 'nothing',
  primaryKey: ['castingRun'],
  columns: {
    castingRun: 'text',
    revision: 'integer',
    state: 'text',
    line: 'text',
    alloy: 'text',
    owner: 'text',
    melts: 'jsonb',
    coils: 'integer',
    coilsKg: 'integer',
    balance: 'jsonb null',
    toleranceKg: 'double precision null',
    override: 'jsonb null',
    startedAt: 'timestamptz',
    finishedAt: 'timestamptz null',
  },
  indexes: ['("startedAt", "castingRun")'],
})

export const casting: Part<CastingEvent> = {
  tables: [castingRuns],
  catalog: castingEvents,
  reads: ({ data }) => [row(castingRuns, data.castingRun)],
  apply({ type, data }, { revision }, rows) {
    if (type === 'CastingRunStarted') {
      rows.put(castingRuns, {
        castingRun: data.castingRun,
        revision,
        state: 'running',
        line: data.line,
        alloy: data.alloy,
        owner: data.owner,
        melts: [],
        coils: 0,
        coilsKg: 0,
        balance: null,
        toleranceKg: null,
        override: null,
        startedAt: new Date(data.startedAt),
        finishedAt: null,
      })
      return
    }
    const run = rows.get(castingRuns, data.castingRun)
    if (!run) throw new Error(`${type} of casting run ${data.castingRun}, which was never started`)
    rows.put(castingRuns, { ...run, ...change(run, { type, data } as CastingEvent), revision })
  },
}

function change(run: Readonly<CastingRunRow>, { type, data }: CastingEvent): Partial<CastingRunRow> {
  switch (type) {
    case 'MeltAddedToRun':
      return { melts: [...run.melts, { castNumber: data.castNumber, kg: data.netWeightKg }] }
    case 'CoilCastInRun':
      return { coils: run.coils + 1, coilsKg: run.coilsKg + data.netWeightKg }
    case 'CastingRunFinished':
      return {
        state: 'finished',
        melts: data.melts,
        balance: data.balance,
        toleranceKg: data.toleranceKg,
        override: data.override ?? null,
        finishedAt: new Date(data.finishedAt),
      }
    default:
      return {}
  }
}
