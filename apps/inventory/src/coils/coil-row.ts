import type { Commercial, Physical, Quality } from '#domain/coil/state'
import type { MeltShare } from '#domain/words'
import { ASKING_PARTNER } from '#platform/read-model/roles'
import { table } from '#projection/projection'
import { ifFirstOwner, ownColumns } from './own-columns.js'

export interface HoldEntry {
  readonly hold: string
  readonly reason: string
  /** The coil that it cascaded from. */
  readonly cause?: string
  /** ISO 8601, UTC. */
  readonly since: string
  readonly by?: string
}

/** All that can be asked about one coil, one row each, whether it is expected, here or long gone. */
export interface CoilRow {
  coil: string
  /** Of the stream `coil-<number>`: what `If-Match` compares. */
  revision: number
  changedAt: Date

  physical: Physical
  quality: Quality
  commercial: Commercial
  /** The quality that a hold covers. */
  grade: Exclude<Quality, 'held'>
  /** Number of its kind in `stock_counts`. */
  kind: number
  onHand: boolean
  /** Can be promised, as the write side sees it: in stock or packed, not held, not rejected, free. */
  available: boolean
  owner: string
  holder: string
  /** Of the stream: when it became its owner's, if it was not from the beginning. */
  titleRevision: number | null

  form: 'coil' | 'pack'
  alloy: string
  temper: string
  gaugeMm: number
  widthMm: number
  innerDiameterMm: number | null
  outerDiameterMm: number | null
  lengthMm: number | null
  sheets: number | null
  netWeightKg: number
  grossWeightKg: number | null
  weighedBy: 'scale' | 'declared' | null

  origin: 'received' | 'cast' | 'produced' | null
  /** When it came to be here: received, cast or produced; announced, while it is only expected. */
  enteredAt: Date
  announcedAt: Date | null
  producedOn: string | null
  supplier: string | null
  agreement: string | null
  packingList: string | null
  /** The delivery note that it came with. */
  inboundNote: string | null
  remarks: string | null
  castNumbers: string[]
  /** Kg by melt, where it was cast here. */
  melts: MeltShare[]
  castingRun: string | null
  /** Process order that produced it. */
  producedBy: string | null
  remnant: boolean

  /** Empty while it lies in no bay. */
  location: string
  locationSince: Date | null
  holds: HoldEntry[]
  downgradedTo: string | null
  pack: string | null
  processOrder: string | null
  processLine: string | null
  processStep: string | null

  salesOrder: string | null
  salesLine: number | null
  customer: string | null
  reservation: string | null
  reservedUntil: Date | null
  mandate: string | null
  soldAt: Date | null
  /** The delivery note that it left with. */
  deliveryNote: string | null
  dispatchedAt: Date | null
  deliveredAt: Date | null

  announcedWeightKg: number | null
  /** Received minus announced, beyond tolerance and not accepted by anybody yet. */
  openDifferenceKg: number | null

  // The coil's own books: initial + adjustment + returned
  //   = processed + remelted + scrap + loss + difference + dispatched + (on hand ? net : 0).
  initialWeightKg: number
  adjustmentKg: number
  returnedKg: number
  processedKg: number
  remeltedKg: number
  scrapKg: number
  lossKg: number
  differenceKg: number
  dispatchedKg: number
}

export const coils = table<CoilRow>({
  name: 'coils',
  primaryKey: ['coil'],
  partnersSee: {
    rows: () => `"owner" = ${ASKING_PARTNER}`,
    instead: ownColumns,
  },
  columns: {
    coil: 'text',
    revision: 'integer',
    changedAt: 'timestamptz',
    physical: 'text',
    quality: 'text',
    commercial: 'text',
    grade: 'text',
    kind: 'bigint',
    onHand: 'boolean',
    available: 'boolean',
    owner: 'text',
    holder: 'text',
    titleRevision: 'integer null',
    form: 'text',
    alloy: 'text',
    temper: 'text',
    gaugeMm: 'double precision',
    widthMm: 'double precision',
    innerDiameterMm: 'double precision null',
    outerDiameterMm: 'double precision null',
    lengthMm: 'double precision null',
    sheets: 'integer null',
    netWeightKg: 'integer',
    grossWeightKg: 'integer null',
    weighedBy: 'text null',
    origin: 'text null',
    enteredAt: 'timestamptz',
    announcedAt: 'timestamptz null',
    producedOn: 'date null',
    supplier: 'text null',
    agreement: 'text null',
    packingList: 'text null',
    inboundNote: 'text null',
    remarks: 'text null',
    castNumbers: 'text[]',
    melts: 'jsonb',
    castingRun: 'text null',
    producedBy: 'text null',
    remnant: 'boolean',
    location: 'text',
    locationSince: 'timestamptz null',
    holds: 'jsonb',
    downgradedTo: 'text null',
    pack: 'text null',
    processOrder: 'text null',
    processLine: 'text null',
    processStep: 'text null',
    salesOrder: 'text null',
    salesLine: 'integer null',
    customer: 'text null',
    reservation: 'text null',
    reservedUntil: 'timestamptz null',
    mandate: 'text null',
    soldAt: 'timestamptz null',
    deliveryNote: 'text null',
    dispatchedAt: 'timestamptz null',
    deliveredAt: 'timestamptz null',
    announcedWeightKg: 'integer null',
    openDifferenceKg: 'integer null',
    initialWeightKg: 'integer',
    adjustmentKg: 'integer',
    returnedKg: 'integer',
    processedKg: 'integer',
    remeltedKg: 'integer',
    scrapKg: 'integer',
    lossKg: 'integer',
    differenceKg: 'integer',
    dispatchedKg: 'integer',
  },
  // Nearly every search is for what is on hand: those indexes stay small however many coils have come and gone.
  indexes: [
    // A search by ranges reads nothing but this: the coils of each kind, and every number that ranges ask for.
    `("kind", "gaugeMm", "coil") INCLUDE ("widthMm", "netWeightKg", "enteredAt", "innerDiameterMm", "outerDiameterMm",
      "available", "owner") WHERE "onHand"`,
    '("gaugeMm", "coil") WHERE "onHand"',
    '("widthMm", "coil") WHERE "onHand"',
    '("netWeightKg", "coil") WHERE "onHand"',
    '("enteredAt", "coil") WHERE "onHand"',
    '("location", "coil") WHERE "onHand"',
    '("alloy", "temper", "gaugeMm", "coil") WHERE "onHand"',
    '("coil") WHERE "onHand"',
    '("owner", "coil") WHERE "onHand"',
    '("customer") WHERE "onHand" AND "customer" IS NOT NULL',
    '("coil") WHERE "physical" = \'expected\'',
    ...['packingList', 'castingRun', 'processOrder', 'producedBy', 'salesOrder'].map(
      (column) => `("${column}") WHERE "${column}" IS NOT NULL`,
    ),
    // As partners see it.
    `((${ifFirstOwner('packingList')})) WHERE (${ifFirstOwner('packingList')}) IS NOT NULL`,
  ],
})

/** What somebody may look for a coil by; apart from the coil, so that its index is not written with every move. */
export interface CoilNumbersRow {
  coil: string
  owner: string
  /** All of them in one text, in capitals: its own, casts, orders, runs, packs, packing lists, delivery notes. */
  numbers: string
  /** The same without those of an owner before; null if there was none. */
  ownersNumbers: string | null
  castNumbers: string[]
}

export const coilNumbers = table<CoilNumbersRow>({
  name: 'coil_numbers',
  primaryKey: ['coil'],
  partnersSee: {
    rows: () => `"owner" = ${ASKING_PARTNER}`,
    instead: { numbers: `coalesce("ownersNumbers", "numbers")`, ownersNumbers: 'NULL::text' },
  },
  columns: { coil: 'text', owner: 'text', numbers: 'text', ownersNumbers: 'text null', castNumbers: 'text[]' },
  indexes: ['USING gin ("numbers" gin_trgm_ops)', 'USING gin ("castNumbers")'],
})
