import type { PlantFact } from '../events.js'
import { coilStream, type StreamKind } from '../streams.js'
import type { MeltShare, Product, Share } from '../words.js'
import type { Announcement } from './events.js'

export type Physical =
  | 'expected'
  | 'in-stock'
  | 'in-process'
  | 'consumed'
  | 'scrapped'
  | 'packed'
  | 'dispatched'
  | 'delivered'
export type Quality = 'uninspected' | 'conforming' | 'held' | 'released' | 'downgraded' | 'rejected'
export type Commercial = 'free' | 'reserved' | 'sold'

export interface Hold {
  readonly hold: string
  readonly reason: string
}

export interface Reservation {
  readonly reservation: string
  readonly salesOrder: string
  readonly line: number
  /** ISO 8601, UTC. */
  readonly until: string
  /** Why the line gets it, though it asks for something else. */
  readonly deviation?: string
}

export interface Sale {
  readonly salesOrder: string
  readonly line: number
  readonly customer: string
  /** Who owned it until the title passed: to whom it goes back if the coil does. */
  readonly seller: string
}

/** One coil: four facets, and what decisions need to know of it. Weights in whole kg. */
export interface Coil {
  readonly coil: string
  readonly physical: Physical
  /** Without regard to holds; `qualityOf` gives the facet. */
  readonly grade: Exclude<Quality, 'held'>
  readonly holds: readonly Hold[]
  readonly commercial: Commercial
  readonly owner: string
  readonly holder: string
  /** Undefined while it lies in no bay. */
  readonly location?: string
  readonly product: Product
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly castNumbers: readonly string[]
  /** Kg of it by melt, where it was cast here. */
  readonly melts: readonly MeltShare[]
  /** What it weighed when it was cast, as corrected since; its casting run balances with it. */
  readonly cast?: { readonly castingRun: string; readonly kg: number; readonly weighedSince: boolean }
  readonly mothers: readonly Share[]
  readonly children: readonly string[]
  readonly announcement?: Announcement
  /** Received minus announced, beyond tolerance and not accepted yet. */
  readonly openDifferenceKg?: number
  readonly reservation?: Reservation
  readonly sale?: Sale
  readonly deliveryNote?: string
  readonly pack?: string
  readonly processOrder?: string
}

/** The quality facet: a hold covers whatever was found before. */
export const qualityOf = (coil: Coil): Quality => (coil.holds.length > 0 ? 'held' : coil.grade)

/** In the plant's hands and whole. */
export const isOnHand = (coil: Coil): boolean => ['in-stock', 'in-process', 'packed'].includes(coil.physical)

export const coils: StreamKind<Coil> = { thing: 'coil', stream: coilStream, evolve }

function evolve(coil: Coil | undefined, fact: PlantFact): Coil | undefined {
  return born(coil, fact) ?? (coil && changed(coil, fact))
}

const fresh = { grade: 'uninspected', holds: [], commercial: 'free', melts: [], mothers: [], children: [] } as const

function born(before: Coil | undefined, { type, data }: PlantFact): Coil | undefined {
  switch (type) {
    case 'CoilAnnounced':
      return {
        ...fresh,
        coil: data.coil,
        physical: 'expected',
        owner: data.owner,
        holder: data.supplier,
        product: data.product,
        netWeightKg: data.netWeightKg,
        grossWeightKg: data.grossWeightKg,
        castNumbers: [data.castNumber],
        announcement: data,
      }
    case 'CoilReceived':
      return {
        ...fresh,
        ...before,
        coil: data.coil,
        physical: 'in-stock',
        owner: data.owner,
        holder: data.holder,
        location: data.location,
        product: data.product,
        netWeightKg: data.netWeightKg,
        grossWeightKg: data.grossWeightKg,
        castNumbers: [data.castNumber],
        openDifferenceKg: data.difference?.beyondTolerance ? data.difference.differenceKg : undefined,
      }
    case 'CoilCast':
    case 'CoilProduced':
      return {
        ...fresh,
        coil: data.coil,
        physical: 'in-stock',
        owner: data.owner,
        holder: data.holder,
        location: data.location,
        product: data.product,
        netWeightKg: data.netWeightKg,
        grossWeightKg: data.grossWeightKg,
        ...(type === 'CoilCast'
          ? {
              melts: data.melts,
              castNumbers: data.melts.map((melt) => melt.castNumber),
              cast: { castingRun: data.castingRun, kg: data.netWeightKg, weighedSince: false },
            }
          : { mothers: data.from, castNumbers: data.melts }),
      }
    default:
      return undefined
  }
}

function changed(coil: Coil, { type, data }: PlantFact): Coil {
  switch (type) {
    case 'WeightDifferenceAccepted':
      return { ...coil, openDifferenceKg: undefined }
    case 'CoilMoved':
      return { ...coil, location: data.to }
    case 'CoilWeighed':
      return weighed(coil, data.netWeightKg, data.grossWeightKg)
    case 'CoilWeightCorrected':
      return {
        ...coil,
        netWeightKg: data.netWeightKg,
        grossWeightKg: grossWeightAfter(coil, data.netWeightKg),
        // Of the weights, a correction is about the one that stands: the caster's, while nothing weighed it since.
        cast: coil.cast && !coil.cast.weighedSince ? { ...coil.cast, kg: data.netWeightKg } : coil.cast,
      }
    case 'CoilProductCorrected':
      return { ...coil, product: data.product }
    case 'CoilInspected':
      return data.result === 'conforming' && !isDisposed(coil.grade) ? { ...coil, grade: 'conforming' } : coil
    case 'CoilHeld':
      return { ...coil, holds: [...coil.holds, { hold: data.hold, reason: data.reason }] }
    case 'CoilReleased':
      return { ...coil, holds: coil.holds.filter((hold) => hold.hold !== data.hold), grade: released(coil.grade) }
    case 'CoilDowngraded':
      return { ...coil, grade: 'downgraded' }
    case 'CoilRejected':
      return { ...coil, grade: 'rejected' }
    case 'CoilPacked':
      return { ...coil, physical: 'packed', pack: data.pack }
    case 'CoilUnpacked':
      return { ...coil, physical: 'in-stock', pack: undefined }
    case 'CoilScrapped':
      return { ...coil, physical: 'scrapped', location: undefined }
    case 'CoilProcessingStarted':
      return { ...coil, physical: 'in-process', location: undefined, processOrder: data.processOrder }
    case 'CoilProcessingAborted':
      return { ...coil, physical: 'in-stock', location: data.location, processOrder: undefined }
    case 'CoilTreated':
      return {
        ...weighed(coil, data.netWeightKg),
        physical: 'in-stock',
        location: data.location,
        processOrder: undefined,
        product: { ...coil.product, temper: data.temper },
      }
    case 'CoilConsumed':
      return { ...coil, physical: 'consumed', location: undefined, children: data.into.map((child) => child.coil) }
    case 'TitleTransferred':
      return {
        ...coil,
        owner: data.to,
        holder: data.holder,
        sale: coil.sale && { ...coil.sale, seller: data.from },
      }
    default:
      return traded(coil, { type, data } as PlantFact)
  }
}

function traded(coil: Coil, { type, data }: PlantFact): Coil {
  switch (type) {
    case 'CoilReserved':
      return {
        ...coil,
        commercial: 'reserved',
        reservation: {
          reservation: data.reservation,
          salesOrder: data.salesOrder,
          line: data.line,
          until: data.until,
          deviation: data.deviation,
        },
      }
    case 'CoilReservationExtended':
      return { ...coil, reservation: coil.reservation && { ...coil.reservation, until: data.until } }
    case 'CoilReservationReleased':
    case 'CoilReservationExpired':
      return { ...coil, commercial: 'free', reservation: undefined }
    case 'CoilSold':
      return {
        ...coil,
        commercial: 'sold',
        reservation: undefined,
        sale: { salesOrder: data.salesOrder, line: data.line, customer: data.customer, seller: data.owner },
      }
    case 'CoilSaleCancelled':
      return { ...coil, commercial: 'free', sale: undefined }
    case 'CoilDispatched':
      return { ...coil, physical: 'dispatched', location: undefined, deliveryNote: data.deliveryNote }
    case 'CoilDelivered':
      return { ...coil, physical: 'delivered' }
    case 'CoilReturned':
      return {
        ...weighed(coil, data.netWeightKg),
        physical: 'in-stock',
        commercial: 'free',
        location: data.location,
        sale: undefined,
        pack: undefined,
        deliveryNote: undefined,
      }
    default:
      return coil
  }
}

const weighed = (coil: Coil, netWeightKg: number, grossWeightKg?: number): Coil => ({
  ...coil,
  netWeightKg,
  grossWeightKg: grossWeightAfter(coil, netWeightKg, grossWeightKg),
  cast: coil.cast && { ...coil.cast, weighedSince: true },
})

/** Nobody knows the gross weight of a coil whose net weight has changed, until somebody tells it. */
export function grossWeightAfter(
  coil: { readonly netWeightKg: number; readonly grossWeightKg?: number | null },
  netWeightKg: number,
  told?: number,
): number | undefined {
  return told ?? (netWeightKg === coil.netWeightKg ? (coil.grossWeightKg ?? undefined) : undefined)
}

/** Downgraded or rejected: said for good, whatever is found or released later. */
const isDisposed = (grade: Coil['grade']): boolean => grade === 'downgraded' || grade === 'rejected'

/** A release says that somebody looked and let it go. */
const released = (grade: Coil['grade']): Coil['grade'] => (isDisposed(grade) ? grade : 'released')
