import type { SchemaObject } from '@nestjs/swagger'
import { shown } from '#domain/arrivals/columns'
import type { Judgement, RowResult } from '#domain/arrivals/decide/announce-coils'
import type { PackingListAccepted, RowFault } from '#domain/arrivals/events'
import type { PackingList } from '#domain/arrivals/packing-list'
import { sumKg } from '#domain/mass'
import { Problem } from '#platform/problems/problem'
import { outcomeSchema } from '../pipeline/outcome.schema.js'
import type { Outcome } from '../pipeline/plant-command.js'

/** So many faults are told at once; a list with more is wrong as a whole. */
const MOST_FAULTS_TOLD = 10_000

interface RowAnswer {
  /** As a spreadsheet shows it. */
  readonly row: number
  readonly coil: string
  readonly result: RowResult
  readonly netWeightKg?: number
}

/** What a packing list did, or would do in a dry run. Weights in whole kg. */
export interface PackingListAnswer extends Outcome {
  readonly packingList: string
  readonly dryRun: boolean
  readonly announced: number
  readonly unchanged: number
  readonly faulty: number
  /** Of all good rows, whether announced now or before. */
  readonly kg: number
  readonly announcedKg: number
  readonly rows: readonly RowAnswer[]
  readonly faults: readonly RowFault[]
}

/**
 * Made of what was recorded, so that the same command answers the same again; where nothing was, of the judgement.
 */
export function answerOf(
  outcome: Outcome,
  packingList: string,
  list: PackingList,
  judgement: Judgement | undefined,
  dryRun: boolean,
): PackingListAnswer {
  const event = outcome.events.find(({ type }) => type === 'PackingListAccepted')
  const accepted = event?.data as PackingListAccepted | undefined
  const results = accepted ? resultsOf(list, accepted) : (judgement?.rows.map(({ result }) => result) ?? [])
  const rows = list.rows.map(({ row, coil, facts }, i) => {
    const result = results[i] ?? 'faulty'
    return { row, coil: shown(coil), result, ...(facts && { netWeightKg: facts.netWeightKg }) }
  })
  const kgOf = (...wanted: RowResult[]) =>
    sumKg(rows.filter(({ result }) => wanted.includes(result)).map(({ netWeightKg }) => netWeightKg ?? 0))
  const count = (wanted: RowResult) => rows.filter(({ result }) => result === wanted).length
  return {
    ...outcome,
    packingList,
    dryRun,
    announced: count('announced'),
    unchanged: count('unchanged'),
    faulty: count('faulty'),
    kg: kgOf('announced', 'unchanged'),
    announcedKg: kgOf('announced'),
    rows,
    faults: accepted?.faults ?? (judgement ? faultsOf(judgement) : []),
  }
}

/** Every fault of every row at once. */
export function faultyList({ rows, listFaults }: Judgement): Problem {
  const faults = faultsOf({ rows, listFaults })
  const faulty = rows.filter(({ result }) => result === 'faulty').length
  const values = { rows: rows.length, good: rows.length - faulty, faulty, faults: faults.length }
  const rest = listFaults.length > 0 ? '' : ' Ask for goodRowsOnly to announce the others without them.'
  const detail = `Nothing was announced: ${faults.length} things in the list are not right, ${faulty} of its ${rows.length} rows are faulty.${rest}`
  return new Problem(422, 'packing-list-faulty', detail, {
    values,
    errors: faults.slice(0, MOST_FAULTS_TOLD).map(({ row, column, value, rule, message }) => ({
      rule,
      message,
      pointer: row === undefined ? `/${column}` : `/rows/${row}${column && `/${column}`}`,
      value,
      values: { row, column, value },
    })),
  })
}

const faultsOf = ({ rows, listFaults }: Judgement): RowFault[] => [...listFaults, ...rows.flatMap((row) => row.faults)]

function resultsOf(list: PackingList, accepted: PackingListAccepted): RowResult[] {
  const [announced, unchanged] = [new Set(accepted.coils), new Set(accepted.unchanged)]
  return list.rows.map(({ coil, facts, faults }) => {
    if (!facts || faults.length > 0) return 'faulty'
    return announced.has(coil) ? 'announced' : unchanged.has(coil) ? 'unchanged' : 'faulty'
  })
}

const count = { type: 'integer' } as const
const fault: SchemaObject = {
  type: 'object',
  properties: {
    row: { type: 'integer', description: 'as a spreadsheet shows it' },
    column: { type: 'string' },
    value: { type: 'string' },
    rule: { type: 'string' },
    message: { type: 'string' },
  },
}

/** How `PackingListAnswer` looks in the OpenAPI document. */
export const packingListSchema: SchemaObject = {
  ...outcomeSchema,
  example: {
    commandId: '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90',
    replayed: false,
    subject: 'packingList-PL-0A1B2C3D4E5F60718293',
    revision: null,
    events: [],
    revisions: {},
    token: '184',
    packingList: 'PL-0A1B2C3D4E5F60718293',
    dryRun: true,
    announced: 1,
    unchanged: 0,
    faulty: 0,
    kg: 6853,
    announcedKg: 6853,
    rows: [{ row: 3, coil: 'AZ-261108-001', result: 'announced', netWeightKg: 6853 }],
    faults: [],
  },
  properties: {
    ...outcomeSchema.properties,
    packingList: { type: 'string', description: 'made from the content: the same list has the same' },
    dryRun: { type: 'boolean' },
    announced: count,
    unchanged: { type: 'integer', description: 'announced before, just so' },
    faulty: count,
    kg: { type: 'integer', description: 'of all good rows' },
    announcedKg: count,
    rows: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          row: { type: 'integer' },
          coil: { type: 'string' },
          result: { type: 'string', enum: ['announced', 'unchanged', 'faulty'] },
          netWeightKg: { type: 'integer' },
        },
      },
    },
    faults: { type: 'array', items: fault },
  },
}
