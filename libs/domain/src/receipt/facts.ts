import { type Coil, coils } from '../coil/state.js'
import type { Known } from '../known.js'
import { partners } from '../plant/state.js'
import { requireKnownMetal, requireProduct } from '../product-rules.js'
import { type Checks, unknownThing } from '../refusal.js'
import { isSame } from '../same.js'
import type { Product } from '../words.js'

/** One coil at the gate, as the receiver tells it. Weights in whole kg. */
export interface Arrival {
  readonly coil: string
  readonly location: string
  readonly weighing: { readonly by: 'scale' | 'declared'; readonly scale?: string }
  /** What was announced, if left out. */
  readonly netWeightKg?: number
  readonly grossWeightKg?: number
  /** The operator has seen that the weight does not fit the dimensions, and stands by it. */
  readonly confirmed?: boolean
  readonly supplier?: string
  readonly owner?: string
  readonly agreement?: string
  readonly deliveryNote?: string
  readonly castNumber?: string
  readonly product?: Product
  readonly producedOn?: string
  readonly remarks?: string
}

/** All that a receipt must know of a coil, whether it was announced or told at the gate. */
export interface ReceiptFacts {
  readonly supplier: string
  readonly owner: string
  readonly castNumber: string
  readonly product: Product
  readonly netWeightKg: number
  readonly grossWeightKg?: number
  readonly agreement?: string
  readonly deliveryNote?: string
  readonly producedOn?: string
  readonly remarks?: string
}

const NEEDED = ['supplier', 'owner', 'castNumber', 'product', 'netWeightKg'] as const

/** What was announced, and what is told besides; told against what was announced is a fault. */
export function announcedFacts(
  checks: Checks,
  arrival: Arrival,
  announced: NonNullable<Coil['announcement']>,
  field: string,
): ReceiptFacts {
  for (const key of [
    'supplier',
    'owner',
    'agreement',
    'deliveryNote',
    'castNumber',
    'product',
    'producedOn',
  ] as const) {
    const [told, before] = [arrival[key], announced[key]]
    checks.require(
      told === undefined || before === undefined || isSame(told, before),
      'differs-from-announcement',
      `coil ${arrival.coil} was announced with another ${key}; receive it as announced, then correct it with a reason`,
      { coil: arrival.coil, announced: before, told },
      `${field}/${key}`,
    )
  }
  return {
    supplier: announced.supplier,
    owner: announced.owner,
    castNumber: announced.castNumber,
    product: announced.product,
    netWeightKg: arrival.netWeightKg ?? announced.netWeightKg,
    grossWeightKg: arrival.grossWeightKg ?? (arrival.netWeightKg === undefined ? announced.grossWeightKg : undefined),
    agreement: announced.agreement ?? arrival.agreement,
    deliveryNote: announced.deliveryNote ?? arrival.deliveryNote,
    producedOn: announced.producedOn ?? arrival.producedOn,
    remarks: arrival.remarks ?? announced.remarks,
  }
}

/** Rule 4: a coil that nobody announced must say where its ancestry ends, and all else that it is. */
export function unannouncedFacts(
  checks: Checks,
  arrival: Arrival,
  known: Known,
  field: string,
): ReceiptFacts | undefined {
  const missing = NEEDED.filter((key) => arrival[key] === undefined)
  for (const key of missing) {
    checks.require(
      false,
      'unannounced-coil-incomplete',
      `coil ${arrival.coil} was not announced: its ${key} must be told`,
      { coil: arrival.coil, missing: key },
      `${field}/${key}`,
    )
  }
  for (const role of ['supplier', 'owner'] as const)
    requirePartner(checks, known, arrival[role], role, `${field}/${role}`)
  if (arrival.product) {
    requireProduct(checks, arrival.product, `${field}/product`)
    requireKnownMetal(checks, known, arrival.product, `${field}/product`)
  }
  if (missing.length > 0) return undefined
  const { supplier, owner, castNumber, product, netWeightKg } = arrival
  const { grossWeightKg, agreement, deliveryNote, producedOn, remarks } = arrival
  return {
    supplier: supplier!,
    owner: owner!,
    castNumber: castNumber!,
    product: product!,
    netWeightKg: netWeightKg!,
    ...{ grossWeightKg, agreement, deliveryNote, producedOn, remarks },
  }
}

/** A partner that the plant knows as what it is to be here. */
export function requirePartner(
  checks: Checks,
  known: Known,
  code: string | undefined,
  role: 'supplier' | 'owner',
  field?: string,
): void {
  if (code === undefined) return
  const partner = known.find(partners, code)
  if (!partner) return checks.add(unknownThing('partner', code, field))
  checks.require(
    partner.roles.includes(role),
    `partner-not-${role}`,
    `${code} is registered as ${partner.roles.join(', ')}, not as ${role}`,
    { partner: code, roles: partner.roles },
    field,
  )
}

/** Rule 1: received once. A coil that is expected is what a receipt is for; any other has used its number up. */
export function requireExpectedOrNew(checks: Checks, known: Known, number: string, field: string): Coil | undefined {
  const coil = known.find(coils, number)
  if (coil && coil.physical !== 'expected') {
    checks.add({
      rule: 'coil-number-used',
      message: `the number ${number} was received or made here before; a number is used once`,
      values: { coil: number, physical: coil.physical },
      field,
    })
  }
  return coil
}
