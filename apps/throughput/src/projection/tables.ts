import type { Shift } from '#domain/plant/events'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { table } from '#projection/projection'

/** Settings as they were last told; work is counted by those in force when it is recorded. */
export interface PlantRow {
  id: string
  timeZone: string
}
export const plantTable = table<PlantRow>({
  name: 'plant',
  columns: { id: 'text', timeZone: 'text' },
  partnersSee: 'all',
  primaryKey: ['id'],
})

export interface LineRow {
  line: string
  name: string
  kind: string
  shifts: Shift[]
}
export const lineTable = table<LineRow>({
  name: 'lines',
  columns: { line: 'text', name: 'text', kind: 'text', shifts: 'jsonb' },
  partnersSee: 'nothing',
  primaryKey: ['line'],
})

/** Process order, or casting run and coil: unique with `part`. */
interface WorkRow {
  work: string
  part: number
  line: string
  step: string
  owner: string
  alloy: string
  temper: string
  form: string
  day: string
  shift: string
}
const workColumns = {
  work: 'text',
  part: 'integer',
  line: 'text',
  step: 'text',
  owner: 'text',
  alloy: 'text',
  temper: 'text',
  form: 'text',
  day: 'date',
  shift: 'text',
} as const

const OWN = `"owner" = ${ASKING_PARTNER}`

/** Work that was done on their metal; a coil that is named with a casting run may be another's by now. */
const ofTheOwner = { rows: () => OWN, instead: { work: `split_part("work", ' ', 1)` } }

/**
 * What one order made of one product for one owner, counted when it was completed.
 * Always `kgIn = kgOut + scrapKg + lossKg + differenceKg`; remnants that go back to stock count neither in nor out.
 */
export interface ProductionRow extends WorkRow {
  finishedAt: Date
  coilsIn: number
  coilsOut: number
  kgIn: number
  kgOut: number
  scrapKg: number
  lossKg: number
  differenceKg: number
}
export const productionTable = table<ProductionRow>({
  name: 'production',
  columns: {
    ...workColumns,
    finishedAt: 'timestamptz',
    coilsIn: 'integer',
    coilsOut: 'integer',
    kgIn: 'bigint',
    kgOut: 'bigint',
    scrapKg: 'bigint',
    lossKg: 'bigint',
    differenceKg: 'bigint',
  },
  partnersSee: ofTheOwner,
  primaryKey: ['work', 'part'],
  indexes: ['("day", "line")', '("line", "day")'],
})

/** When a line ran: one row per order and shift. Orders that run at once on a furnace overlap; readers join them. */
export interface RunningRow extends WorkRow {
  startedAt: Date
  finishedAt: Date
}
export const runningTable = table<RunningRow>({
  name: 'running',
  columns: {
    ...workColumns,
    startedAt: 'timestamptz',
    finishedAt: 'timestamptz',
  },
  partnersSee: ofTheOwner,
  primaryKey: ['work', 'part'],
  indexes: ['("day", "line")', '("line", "day")'],
})

/** What must be remembered of a coil until it is sold: when its metal came, and on which line it is. */
export interface CoilRow {
  coil: string
  /** When the oldest of its metal was received or cast here. */
  arrivedAt: Date
  owner: string
  alloy: string
  temper: string
  form: string
  kg: number
  line: string | null
  step: string | null
  processOrder: string | null
  since: Date | null
}
export const coilTable = table<CoilRow>({
  name: 'coils',
  columns: {
    coil: 'text',
    arrivedAt: 'timestamptz',
    owner: 'text',
    alloy: 'text',
    temper: 'text',
    form: 'text',
    kg: 'integer',
    line: 'text null',
    step: 'text null',
    processOrder: 'text null',
    since: 'timestamptz null',
  },
  partnersSee: { rows: () => OWN },
  primaryKey: ['coil'],
  indexes: ['("line") WHERE "line" IS NOT NULL'],
})

/** One sale of one coil: how long its metal was here. A sale that was cancelled is not one. */
export interface LeadTimeRow {
  coil: string
  owner: string
  customer: string
  alloy: string
  temper: string
  form: string
  kg: number
  day: string
  arrivedAt: Date
  soldAt: Date
}
export const leadTimeTable = table<LeadTimeRow>({
  name: 'lead_times',
  columns: {
    coil: 'text',
    owner: 'text',
    customer: 'text',
    alloy: 'text',
    temper: 'text',
    form: 'text',
    kg: 'integer',
    day: 'date',
    arrivedAt: 'timestamptz',
    soldAt: 'timestamptz',
  },
  // The sale was theirs; the coil, since it was delivered, is its customer's.
  partnersSee: { rows: () => OWN, instead: { coil: `''` } },
  primaryKey: ['coil'],
  indexes: ['("day")'],
})
