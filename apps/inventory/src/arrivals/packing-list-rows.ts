import { type ArrivalEvent, arrivalEvents, type RowFault } from '#domain/arrivals/events'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { row, table } from '#projection/projection'
import { occurredAt, type Part } from '../projection/part.js'

export interface PackingListRow {
  packingList: string
  revision: number
  supplier: string
  owner: string
  agreement: string | null
  deliveryNote: string | null
  vehicle: string | null
  shippedAt: Date | null
  acceptedAt: Date
  contentHash: string
  /** As announced; how many of them have come the coils tell. */
  coils: number
  kg: number
  rowsLeftOut: number
  /** Why rows were left out; the first of them. */
  faults: RowFault[]
}

/** What was announced before under a number of their list may be another's: they are told that it was, once a row. */
const ownFaults = `(SELECT coalesce(jsonb_agg("told" ORDER BY "n"), '[]') FROM (
  SELECT CASE WHEN "said"->>'rule' = 'announced-otherwise' THEN "said" || '{"column": "coil_number", "value": "",
      "rule": "coil-number-used", "message": "the number in this row was announced before, with something else"}'
    ELSE "said" END AS "told", min("n") AS "n"
  FROM jsonb_array_elements("faults") WITH ORDINALITY AS "fault"("said", "n") GROUP BY 1) AS "faults")`

export const packingLists = table<PackingListRow>({
  name: 'packing_lists',
  partnersSee: { rows: () => `"owner" = ${ASKING_PARTNER}`, instead: { faults: ownFaults } },
  primaryKey: ['packingList'],
  columns: {
    packingList: 'text',
    revision: 'integer',
    supplier: 'text',
    owner: 'text',
    agreement: 'text null',
    deliveryNote: 'text null',
    vehicle: 'text null',
    shippedAt: 'timestamptz null',
    acceptedAt: 'timestamptz',
    contentHash: 'text',
    coils: 'integer',
    kg: 'integer',
    rowsLeftOut: 'integer',
    faults: 'jsonb',
  },
  indexes: ['("acceptedAt", "packingList")'],
})

export const arrivals: Part<ArrivalEvent> = {
  tables: [packingLists],
  catalog: arrivalEvents,
  reads: ({ data }) => [row(packingLists, data.packingList)],
  apply({ data }, event, rows) {
    // Accepted again when more of its rows have become good: those come on top.
    const before = rows.get(packingLists, data.packingList)
    rows.put(packingLists, {
      packingList: data.packingList,
      revision: event.revision,
      supplier: data.supplier,
      owner: data.owner,
      agreement: data.agreement ?? null,
      deliveryNote: data.deliveryNote ?? null,
      vehicle: data.vehicle ?? null,
      shippedAt: data.shippedAt ? new Date(data.shippedAt) : null,
      acceptedAt: before?.acceptedAt ?? occurredAt(event),
      contentHash: data.contentHash,
      coils: (before?.coils ?? 0) + data.coils.length,
      kg: (before?.kg ?? 0) + data.kg,
      rowsLeftOut: data.rowsLeftOut,
      faults: data.faults,
    })
  },
}
