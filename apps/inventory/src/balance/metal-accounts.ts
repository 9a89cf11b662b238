import { ASKING_PARTNER } from '#platform/read-model/roles'
import { type Rows, table } from '#projection/projection'
import type { CoilRow } from '../coils/coil-row.js'

/** Kilograms that went through an owner's coils, ever. What is on hand is counted from the coils themselves. */
export interface MetalAccountRow {
  owner: string
  receivedKg: number
  castKg: number
  producedKg: number
  adjustmentKg: number
  returnedKg: number
  titleInKg: number
  titleOutKg: number
  processedKg: number
  remeltedKg: number
  scrapKg: number
  lossKg: number
  differenceKg: number
  dispatchedKg: number
}

export const metalAccounts = table<MetalAccountRow>({
  name: 'metal_accounts',
  partnersSee: { rows: () => `"owner" = ${ASKING_PARTNER}` },
  primaryKey: ['owner'],
  columns: {
    owner: 'text',
    receivedKg: 'bigint',
    castKg: 'bigint',
    producedKg: 'bigint',
    adjustmentKg: 'bigint',
    returnedKg: 'bigint',
    titleInKg: 'bigint',
    titleOutKg: 'bigint',
    processedKg: 'bigint',
    remeltedKg: 'bigint',
    scrapKg: 'bigint',
    lossKg: 'bigint',
    differenceKg: 'bigint',
    dispatchedKg: 'bigint',
  },
})

const OF_THE_COIL = [
  'adjustmentKg',
  'returnedKg',
  'processedKg',
  'remeltedKg',
  'scrapKg',
  'lossKg',
  'differenceKg',
  'dispatchedKg',
] as const

const BY_ORIGIN = { received: 'receivedKg', cast: 'castKg', produced: 'producedKg' } as const

/** Books what the fact changed in the coil's own books to its owner. */
export function bookAccounts(before: CoilRow | undefined, after: CoilRow, rows: Rows): void {
  const deltas: Partial<Record<keyof MetalAccountRow, number>> = {}
  let changed = false
  for (const column of OF_THE_COIL) {
    const delta = after[column] - (before?.[column] ?? 0)
    if (delta === 0) continue
    deltas[column] = delta
    changed = true
  }
  const entered = after.initialWeightKg - (before?.initialWeightKg ?? 0)
  if (entered !== 0) {
    deltas[BY_ORIGIN[after.origin!]] = entered
    changed = true
  }
  if (changed) rows.add(metalAccounts, after.owner, deltas)
  // An expected coil changes hands without a gram in anybody's account.
  if (before && before.owner !== after.owner && before.onHand) {
    rows.add(metalAccounts, before.owner, { titleOutKg: before.netWeightKg })
    rows.add(metalAccounts, after.owner, { titleInKg: before.netWeightKg })
  }
}
