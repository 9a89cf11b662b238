import { type PlantFact, readFact } from '#domain/events'
import type { Projection } from '#projection/projection'
import { approvals } from '../approvals/approval-rows.js'
import { arrivals } from '../arrivals/packing-list-rows.js'
import { casting } from '../casting/casting-run-rows.js'
import { coilsPart } from '../coils/coils-part.js'
import { ownCoilsNumbered, ownCoilsOfMelts } from '../coils/own-coils.js'
import { edgesOfOwnCoils } from '../genealogy/edges.js'
import { melts } from '../melts/melt-rows.js'
import { plant } from '../plant/reference-rows.js'
import { processing } from '../processing/process-order-rows.js'
import { sales } from '../sales/sales-order-rows.js'
import type { Part } from './part.js'

const parts = [coilsPart, melts, casting, processing, sales, arrivals, plant, approvals] as unknown as readonly Part[]

/** A fact belongs to one part at most; some (that a coil was put in a bay) the coil's own history tells already. */
const partByType = new Map(parts.flatMap((part) => Object.keys(part.catalog).map((type) => [type, part] as const)))

/** What is in stock, where it comes from, and who wants it. */
export const inventory: Projection = {
  name: 'inventory',
  version: 2,
  extensions: ['pg_trgm'],
  tables: parts.flatMap((part) => part.tables),
  partnersAsk: [edgesOfOwnCoils, ownCoilsNumbered, ownCoilsOfMelts],
  keys: (event) => partByType.get(event.type)?.reads(readFact(event)) ?? [],
  apply(event, rows) {
    // Read first: an event type that this version does not know must not be passed over.
    const fact: PlantFact = readFact(event)
    partByType.get(event.type)?.apply(fact, event, rows)
  },
}
