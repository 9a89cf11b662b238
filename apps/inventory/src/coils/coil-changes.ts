/** How one fact of a coil's history changes its row. */
import type { CoilEvent } from '#domain/coil/events'
import { grossWeightAfter } from '#domain/coil/state'
import type { Product, Share } from '#domain/words'
import type { CoilRow, HoldEntry } from './coil-row.js'
import { traded } from './coil-trade.js'

export interface When {
  readonly occurredAt: Date
  readonly actor?: string
}

/** What most facts change; facets, books and numbers that follow from it are `settled` afterwards. */
export type Change = Partial<CoilRow>

type BirthEvent = Extract<CoilEvent, { type: 'CoilAnnounced' | 'CoilReceived' | 'CoilCast' | 'CoilProduced' }>
type LaterEvent = Exclude<CoilEvent, BirthEvent>

/** Columns to write, or for the first fact all those that are not at their beginning. */
export function changeBy(before: CoilRow | undefined, fact: CoilEvent, when: When): Change {
  if (isBirth(fact)) return birth(before, fact, when)
  if (before) return change(before, fact, when)
  throw new Error(`${fact.type} of coil ${fact.data.coil}, which was neither announced, received, cast nor produced`)
}

const BIRTHS: ReadonlySet<string> = new Set<BirthEvent['type']>([
  'CoilAnnounced',
  'CoilReceived',
  'CoilCast',
  'CoilProduced',
])
const isBirth = (fact: CoilEvent): fact is BirthEvent => BIRTHS.has(fact.type)

function birth(before: CoilRow | undefined, { type, data }: BirthEvent, { occurredAt }: When): Change {
  switch (type) {
    case 'CoilAnnounced':
      return {
        ...productColumns(data.product),
        physical: 'expected',
        owner: data.owner,
        holder: data.supplier,
        supplier: data.supplier,
        agreement: data.agreement ?? null,
        packingList: data.packingList,
        inboundNote: data.deliveryNote ?? null,
        castNumbers: [data.castNumber],
        netWeightKg: data.netWeightKg,
        announcedWeightKg: data.netWeightKg,
        grossWeightKg: data.grossWeightKg ?? null,
        weighedBy: 'declared',
        producedOn: data.producedOn ?? null,
        remarks: data.remarks ?? null,
        enteredAt: occurredAt,
        announcedAt: occurredAt,
      }
    case 'CoilReceived':
      return {
        ...arrived(data, 'received', occurredAt),
        supplier: data.supplier,
        agreement: data.agreement ?? null,
        inboundNote: data.deliveryNote ?? before?.inboundNote ?? null,
        castNumbers: [data.castNumber],
        producedOn: data.producedOn ?? before?.producedOn ?? null,
        remarks: data.remarks ?? before?.remarks ?? null,
        openDifferenceKg: data.difference?.beyondTolerance ? data.difference.differenceKg : null,
      }
    case 'CoilCast':
      return {
        ...arrived(data, 'cast', occurredAt),
        castNumbers: data.melts.map((melt) => melt.castNumber),
        melts: data.melts,
        castingRun: data.castingRun,
      }
    case 'CoilProduced':
      return {
        ...arrived(data, 'produced', occurredAt),
        castNumbers: data.melts,
        producedBy: data.processOrder,
        remnant: data.remnant,
      }
  }
}

interface Arrival {
  readonly owner: string
  readonly holder: string
  readonly product: Product
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly weighing: { readonly by: 'scale' | 'declared' }
  readonly location: string
}

function arrived(data: Arrival, origin: CoilRow['origin'], occurredAt: Date): Change {
  return {
    ...productColumns(data.product),
    ...inBay(data.location, occurredAt),
    origin,
    physical: 'in-stock',
    owner: data.owner,
    holder: data.holder,
    netWeightKg: data.netWeightKg,
    initialWeightKg: data.netWeightKg,
    grossWeightKg: data.grossWeightKg ?? null,
    weighedBy: data.weighing.by,
    enteredAt: occurredAt,
  }
}

function change(coil: CoilRow, fact: LaterEvent, when: When): Change {
  switch (fact.type) {
    case 'WeightDifferenceAccepted':
      return { openDifferenceKg: null }
    case 'CoilMoved':
      return inBay(fact.data.to, when.occurredAt)
    case 'CoilWeighed':
      return {
        ...reweighed(coil, fact.data.netWeightKg),
        weighedBy: 'scale',
        grossWeightKg: grossWeightAfter(coil, fact.data.netWeightKg, fact.data.grossWeightKg) ?? null,
      }
    case 'CoilWeightCorrected':
      return {
        ...reweighed(coil, fact.data.netWeightKg),
        grossWeightKg: grossWeightAfter(coil, fact.data.netWeightKg) ?? null,
      }
    case 'CoilProductCorrected':
      return productColumns(fact.data.product)
    case 'CoilInspected':
      return fact.data.result === 'conforming' && !isDisposed(coil.grade) ? { grade: 'conforming' } : {}
    case 'CoilHeld':
      return { holds: [...coil.holds, holdEntry(fact.data, when)] }
    case 'CoilReleased':
      return { holds: coil.holds.filter((hold) => hold.hold !== fact.data.hold), grade: released(coil.grade) }
    case 'CoilDowngraded':
      return { grade: 'downgraded', downgradedTo: fact.data.grade }
    case 'CoilRejected':
      return { grade: 'rejected' }
    case 'CoilPacked':
      return { physical: 'packed', pack: fact.data.pack }
    case 'CoilUnpacked':
      return { physical: 'in-stock', pack: null }
    case 'CoilScrapped':
      return {
        ...inNoBay,
        physical: 'scrapped',
        ...(fact.data.kind === 'process-scrap'
          ? { scrapKg: coil.scrapKg + fact.data.netWeightKg }
          : { lossKg: coil.lossKg + fact.data.netWeightKg }),
      }
    case 'CoilProcessingStarted':
      return {
        ...inNoBay,
        physical: 'in-process',
        processOrder: fact.data.processOrder,
        processLine: fact.data.line,
        processStep: fact.data.step,
      }
    case 'CoilProcessingAborted':
      return { ...offLine, ...inBay(fact.data.location, when.occurredAt), physical: 'in-stock' }
    case 'CoilTreated':
      return {
        ...offLine,
        ...inBay(fact.data.location, when.occurredAt),
        physical: 'in-stock',
        temper: fact.data.temper,
        netWeightKg: fact.data.netWeightKg,
        grossWeightKg: grossWeightAfter(coil, fact.data.netWeightKg) ?? null,
        lossKg: coil.lossKg + fact.data.lossKg,
        differenceKg: coil.differenceKg + fact.data.differenceKg,
      }
    case 'CoilConsumed':
      return {
        ...inNoBay,
        physical: 'consumed',
        processedKg: coil.processedKg + totalKg(fact.data.into),
        remeltedKg: coil.remeltedKg + (fact.data.intoMelt?.kg ?? 0),
        scrapKg: coil.scrapKg + fact.data.scrapKg,
        lossKg: coil.lossKg + fact.data.lossKg,
        differenceKg: coil.differenceKg + fact.data.differenceKg,
      }
    case 'TitleTransferred':
      return { owner: fact.data.to, holder: fact.data.holder }
    default:
      return traded(coil, fact, when.occurredAt)
  }
}

export const inNoBay = { location: '', locationSince: null } satisfies Change
export const inBay = (location: string, since: Date) => ({ location, locationSince: since }) satisfies Change
const offLine = { processOrder: null, processLine: null, processStep: null } satisfies Change

/** A weight put right after the metal has left is booked where the metal went, or the coil's books would not close. */
function reweighed(coil: CoilRow, netWeightKg: number): Change {
  const gain = netWeightKg - coil.netWeightKg
  if (coil.physical === 'expected') return { netWeightKg }
  return {
    netWeightKg,
    adjustmentKg: coil.adjustmentKg + gain,
    ...(coil.onHand
      ? {}
      : coil.physical === 'dispatched' || coil.physical === 'delivered'
        ? { dispatchedKg: coil.dispatchedKg + gain }
        : { differenceKg: coil.differenceKg + gain }),
  }
}

function productColumns(product: Product) {
  return {
    form: product.form,
    alloy: product.alloy,
    temper: product.temper,
    gaugeMm: product.gaugeMm,
    widthMm: product.widthMm,
    innerDiameterMm: product.innerDiameterMm ?? null,
    outerDiameterMm: product.outerDiameterMm ?? null,
    lengthMm: product.lengthMm ?? null,
    sheets: product.sheets ?? null,
  } satisfies Change
}

function holdEntry(data: { hold: string; reason: string; cause?: string }, { occurredAt, actor }: When): HoldEntry {
  return {
    hold: data.hold,
    reason: data.reason,
    ...(data.cause && { cause: data.cause }),
    since: occurredAt.toISOString(),
    ...(actor && { by: actor }),
  }
}

/** Downgraded or rejected: said for good, whatever is found or released later. */
const isDisposed = (grade: CoilRow['grade']): boolean => grade === 'downgraded' || grade === 'rejected'

/** A release says that somebody looked and let it go. */
const released = (grade: CoilRow['grade']): CoilRow['grade'] => (isDisposed(grade) ? grade : 'released')

const totalKg = (shares: readonly Share[]) => shares.reduce((sum, share) => sum + share.kg, 0)
