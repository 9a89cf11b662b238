import { type CoilEvent, coilEvents } from '#domain/coil/events'
import type { RecordedEvent } from '#event-store/event-store'
import { row } from '#projection/projection'
import { bookAccounts, metalAccounts } from '../balance/metal-accounts.js'
import { birthEdges, edges } from '../genealogy/edges.js'
import { countMeltOwners, meltOwners } from '../melts/melt-owners.js'
import { occurredAt, type Part } from '../projection/part.js'
import { countStock, kindOf, stockCounts } from '../stock/stock-counts.js'
import { changeBy } from './coil-changes.js'
import { type CoilNumbersRow, type CoilRow, coilNumbers, coils } from './coil-row.js'

/** Coils, and what is kept along with each of their facts: how many there are of a kind, whose kilograms, who from whom. */
export const coilsPart: Part<CoilEvent> = {
  tables: [coils, coilNumbers, stockCounts, metalAccounts, edges, meltOwners],
  catalog: coilEvents,
  reads: ({ data }) => [row(coils, data.coil)],
  apply(fact, event, rows) {
    const before = rows.get(coils, fact.data.coil)
    const after = coilAfter(before, fact, event)
    rows.put(coils, after)
    const numbers = numbersOf(after)
    if (!before || before.owner !== after.owner || numbersOf(before).numbers !== numbers.numbers)
      rows.put(coilNumbers, numbers)
    countStock(before, after, rows)
    bookAccounts(before, after, rows)
    countMeltOwners(before, after, rows)
    for (const edge of birthEdges(fact, event)) rows.put(edges, edge)
  },
}

/** The row after a fact. Pure: the same row and event always give the same. */
export function coilAfter(
  before: Readonly<CoilRow> | undefined,
  fact: CoilEvent,
  event: Pick<RecordedEvent, 'revision' | 'metadata' | 'recordedAt'>,
): CoilRow {
  const change = changeBy(before, fact, { occurredAt: occurredAt(event), actor: event.metadata.actor })
  const after = settled({
    ...(before ?? { ...fresh, coil: fact.data.coil }),
    ...change,
    ...(fact.type === 'TitleTransferred' && { titleRevision: titleRevisionAfter(before, fact.data, event.revision) }),
    revision: event.revision,
    changedAt: event.recordedAt,
  } as CoilRow)
  after.kind = kindOf(after, before)
  return after
}

/** That the same owner's metal is in other hands passes no title. */
const titleRevisionAfter = (
  before: Readonly<CoilRow> | undefined,
  { from, to }: { from: string; to: string },
  revision: number,
) => (from === to ? (before?.titleRevision ?? null) : revision)

/** Sets what follows from the rest. */
function settled(coil: CoilRow): CoilRow {
  coil.quality = coil.holds.length > 0 ? 'held' : coil.grade
  coil.onHand = ON_HAND.has(coil.physical)
  coil.available =
    (coil.physical === 'in-stock' || coil.physical === 'packed') &&
    coil.commercial === 'free' &&
    coil.quality !== 'held' &&
    coil.quality !== 'rejected'
  return coil
}

export const ON_HAND: ReadonlySet<CoilRow['physical']> = new Set(['in-stock', 'in-process', 'packed'])

export function numbersOf(coil: CoilRow): CoilNumbersRow {
  const { owner, castNumbers, packingList, inboundNote, castingRun, producedBy, titleRevision } = coil
  const numbers = inCapitals(coil, packingList, inboundNote, castingRun, producedBy)
  const ownersNumbers = titleRevision === null ? null : inCapitals(coil)
  return { coil: coil.coil, owner, numbers, ownersNumbers, castNumbers }
}

function inCapitals(coil: CoilRow, ...ofItsBirth: readonly (string | null)[]): string {
  let numbers = coil.coil
  for (const castNumber of coil.castNumbers) numbers += ` ${castNumber}`
  for (const number of [...ofItsBirth, coil.processOrder, coil.pack, coil.salesOrder, coil.deliveryNote]) {
    if (number !== null) numbers += ` ${number}`
  }
  return numbers.toUpperCase()
}

/** Where every coil begins; the facts of its birth say the rest. */
const fresh = {
  titleRevision: null,
  commercial: 'free',
  grade: 'uninspected',
  innerDiameterMm: null,
  outerDiameterMm: null,
  lengthMm: null,
  sheets: null,
  grossWeightKg: null,
  weighedBy: null,
  origin: null,
  announcedAt: null,
  producedOn: null,
  supplier: null,
  agreement: null,
  packingList: null,
  inboundNote: null,
  remarks: null,
  castNumbers: [],
  melts: [],
  castingRun: null,
  producedBy: null,
  remnant: false,
  location: '',
  locationSince: null,
  holds: [],
  downgradedTo: null,
  pack: null,
  processOrder: null,
  processLine: null,
  processStep: null,
  salesOrder: null,
  salesLine: null,
  customer: null,
  reservation: null,
  reservedUntil: null,
  mandate: null,
  soldAt: null,
  deliveryNote: null,
  dispatchedAt: null,
  deliveredAt: null,
  announcedWeightKg: null,
  openDifferenceKg: null,
  initialWeightKg: 0,
  adjustmentKg: 0,
  returnedKg: 0,
  processedKg: 0,
  remeltedKg: 0,
  scrapKg: 0,
  lossKg: 0,
  differenceKg: 0,
  dispatchedKg: 0,
} satisfies Partial<CoilRow>
