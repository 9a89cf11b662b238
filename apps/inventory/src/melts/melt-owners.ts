import { ASKING_PARTNER } from '#platform/read-model/roles'
import { type Rows, table } from '#projection/projection'
import type { CoilRow } from '../coils/coil-row.js'

/** How many coils that are whose now were made from a melt: who may see its analyses. */
export interface MeltOwnerRow {
  castNumber: string
  owner: string
  coils: number
}

export const meltOwners = table<MeltOwnerRow>({
  name: 'melt_owners',
  columns: { castNumber: 'text', owner: 'text', coils: 'integer' },
  primaryKey: ['castNumber', 'owner'],
  partnersSee: { rows: () => `"owner" = ${ASKING_PARTNER}` },
})

export function countMeltOwners(before: CoilRow | undefined, after: CoilRow, rows: Rows): void {
  if (before?.owner === after.owner && before.castNumbers === after.castNumbers) return
  for (const castNumber of before?.castNumbers ?? []) rows.add(meltOwners, [castNumber, before!.owner], { coils: -1 })
  for (const castNumber of after.castNumbers) rows.add(meltOwners, [castNumber, after.owner], { coils: 1 })
}
