import type { z } from 'zod'
import { type ProcessingEvent, type plannedOutput, processingEvents } from '#domain/processing/events'
import type { MassBalance, Override, Product } from '#domain/words'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { row, type TableNames, table } from '#projection/projection'
import { occurredAt, type Part } from '../projection/part.js'

export interface InputEntry {
  readonly coil: string
  /** Undefined until the order is started: a plan names coils, not weights. */
  readonly kg?: number
  readonly owner?: string
  readonly product?: Product
}

export interface OutputEntry {
  readonly coil: string
  readonly kg: number
  readonly owner: string
  readonly product: Product
  readonly remnant: boolean
}

export interface ProcessOrderRow {
  processOrder: string
  revision: number
  state: 'planned' | 'running' | 'completed' | 'aborted'
  line: string
  step: string
  inputs: InputEntry[]
  planned: z.output<typeof plannedOutput>[]
  outputs: OutputEntry[]
  melt: { castNumber: string; kg: number } | null
  balance: MassBalance | null
  /** Paint or lacquer taken up, which is in the difference and no metal. */
  coatingKg: number | null
  toleranceKg: number | null
  override: Override | null
  mixedReason: string | null
  abortReason: string | null
  remarks: string | null
  plannedAt: Date
  dueAt: Date | null
  startedAt: Date | null
  endedAt: Date | null
}

/**
 * Entries of coils that a partner sees, and that were theirs already when they were worked on; of a coil whose title
 * passed also the work that is still planned. Each coil is looked for by
 * itself: joined, what is taken out of JSON could not be looked for in an index before all rows that may be seen are.
 */
const seen = (entries: string, of: TableNames) =>
  `jsonb_array_elements(${entries}) WITH ORDINALITY AS "entry"("said", "n")
   WHERE CASE WHEN coalesce("said"->>'owner', ${ASKING_PARTNER}) = ${ASKING_PARTNER}
     THEN (SELECT c."titleRevision" IS NULL OR "said" ? 'owner' OR "state" = 'planned'
       FROM ${of('coils')} c WHERE c."coil" = "said"->>'coil') END`
const onlySeen = (column: string) => (of: TableNames) =>
  `(SELECT coalesce(jsonb_agg("said" ORDER BY "n"), '[]') FROM ${seen(`"${column}"`, of)})`
/** What is told of an order as a whole tells of all metal in it. */
const ifAllSeen =
  (column: string, otherwise = 'NULL') =>
  (of: TableNames) =>
    `CASE WHEN jsonb_array_length("inputs" || "outputs") = (SELECT count(*) FROM ${seen('"inputs" || "outputs"', of)})
     THEN "${column}" ELSE ${otherwise} END`

export const processOrders = table<ProcessOrderRow>({
  name: 'process_orders',
  primaryKey: ['processOrder'],
  partnersSee: {
    rows: (of) => `EXISTS (SELECT FROM ${seen('"inputs" || "outputs"', of)})`,
    instead: {
      inputs: onlySeen('inputs'),
      outputs: onlySeen('outputs'),
      planned: (of) =>
        `(SELECT coalesce(jsonb_agg("piece" - 'remarks'), '[]')
          FROM jsonb_array_elements(${ifAllSeen('planned', `'[]'`)(of)}) AS "piece")`,
      melt: ifAllSeen('melt'),
      balance: ifAllSeen('balance'),
      coatingKg: ifAllSeen('coatingKg'),
      toleranceKg: ifAllSeen('toleranceKg'),
      override: ifAllSeen('override'),
      // The plant's notes to itself, some of which were made when the metal was another's.
      mixedReason: 'NULL::text',
      abortReason: 'NULL::text',
      remarks: 'NULL::text',
    },
  },
  columns: {
    processOrder: 'text',
    revision: 'integer',
    state: 'text',
    line: 'text',
    step: 'text',
    inputs: 'jsonb',
    planned: 'jsonb',
    outputs: 'jsonb',
    melt: 'jsonb null',
    balance: 'jsonb null',
    coatingKg: 'integer null',
    toleranceKg: 'double precision null',
    override: 'jsonb null',
    mixedReason: 'text null',
    abortReason: 'text null',
    remarks: 'text null',
    plannedAt: 'timestamptz',
    dueAt: 'timestamptz null',
    startedAt: 'timestamptz null',
    endedAt: 'timestamptz null',
  },
  indexes: ['("plannedAt", "processOrder")', '("line", "state", "plannedAt")'],
})

export const processing: Part<ProcessingEvent> = {
  tables: [processOrders],
  catalog: processingEvents,
  reads: ({ data }) => [row(processOrders, data.processOrder)],
  apply(fact, event, rows) {
    const before = rows.get(processOrders, fact.data.processOrder) ?? unplanned(fact, occurredAt(event))
    rows.put(processOrders, { ...before, ...change(fact), revision: event.revision })
  },
}

function change({ type, data }: ProcessingEvent): Partial<ProcessOrderRow> {
  switch (type) {
    case 'ProcessOrderPlanned':
      return {
        inputs: data.inputs.map((coil) => ({ coil })),
        planned: data.planned,
        mixedReason: data.mixed?.reason ?? null,
        remarks: data.remarks ?? null,
        dueAt: data.dueAt ? new Date(data.dueAt) : null,
      }
    case 'ProcessOrderStarted':
      return { state: 'running', inputs: data.inputs, startedAt: new Date(data.startedAt) }
    case 'ProcessOrderCompleted':
      return {
        state: 'completed',
        inputs: data.inputs,
        outputs: data.outputs,
        melt: data.melt ?? null,
        balance: data.balance,
        coatingKg: data.coatingKg ?? null,
        toleranceKg: data.toleranceKg,
        override: data.override ?? null,
        startedAt: new Date(data.startedAt),
        endedAt: new Date(data.completedAt),
      }
    case 'ProcessOrderAborted':
      return { state: 'aborted', abortReason: data.reason, endedAt: new Date(data.abortedAt) }
  }
}

function unplanned({ data }: ProcessingEvent, at: Date): Omit<ProcessOrderRow, 'revision'> {
  return {
    processOrder: data.processOrder,
    state: 'planned',
    line: data.line,
    step: data.step,
    inputs: [],
    planned: [],
    outputs: [],
    melt: null,
    balance: null,
    coatingKg: null,
    toleranceKg: null,
    override: null,
    mixedReason: null,
    abortReason: null,
    remarks: null,
    plannedAt: at,
    dueAt: null,
    startedAt: null,
    endedAt: null,
  }
}
