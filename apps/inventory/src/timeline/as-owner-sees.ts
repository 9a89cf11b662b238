/** A coil's history as its present owner may read it, when that is a partner: not what was another's affair. */
import { type CoilEvent, coilEvents } from '#domain/coil/events'

export interface Asking {
  /** When the coil became theirs; null if it was theirs from the beginning. */
  readonly titleRevision: number | null
  /** Is this coil, or this melt, theirs to see? */
  seesCoil(coil: string): boolean
  seesMelt(castNumber: string): boolean
  /** Then all that was ever written of it is theirs. */
  wasAlwaysTheirs(coil: string): boolean
}

/** What stands in the place of what is not told. */
const SOMEBODY = 'another partner'
const ANOTHER_COIL = 'another coil'
const ANOTHER_MELT = 'another melt'
const NOT_TOLD = 'not told'

type Data = Readonly<Record<string, unknown>>
interface Share {
  readonly coil: string
}

/** What an owner agreed with others is not told to whom the metal went afterwards. */
const TRADE: ReadonlySet<CoilEvent['type']> = new Set([
  'CoilAnnounced',
  'WeightDifferenceAccepted',
  'CoilReserved',
  'CoilReservationExtended',
  'CoilReservationReleased',
  'CoilReservationExpired',
  'CoilSold',
  'CoilSaleCancelled',
  'CoilDispatched',
  'CoilDelivered',
  'CoilReturned',
  'TitleTransferred',
])

/** Of facts before the title passed nothing else is told: what people wrote, papers, orders and partners are left out. */
const OF_THE_METAL: ReadonlySet<string> = new Set([
  ...['coil', 'product', 'previous', 'netWeightKg', 'grossWeightKg', 'previousNetWeightKg', 'adjustmentKg', 'weighing'],
  ...['scale', 'castNumber', 'melts', 'producedOn', 'location', 'line', 'step', 'remnant'],
  ...['previousTemper', 'temper', 'lossKg', 'scrapKg', 'differenceKg', 'result', 'inspector', 'grade', 'pack', 'kind'],
  // Places of the plant, or coils: partners are named so in a transfer of title alone, which is not told.
  ...['announced', 'hold', 'from', 'to', 'into', 'intoMelt', 'with', 'cause'],
])

/** What sentences need all the same. */
const FILLED: Data = {
  reason: NOT_TOLD,
  supplier: SOMEBODY,
  owner: SOMEBODY,
  holder: SOMEBODY,
  findings: [],
  approvedBy: NOT_TOLD,
  processOrder: NOT_TOLD,
  castingRun: NOT_TOLD,
}

export const isCoilEvent = (fact: { readonly type: string }): fact is CoilEvent => Object.hasOwn(coilEvents, fact.type)

/** The coils and melts that a fact names beside its own. */
export function relativesIn(fact: CoilEvent): { readonly coils: readonly string[]; readonly melts: readonly string[] } {
  const { from, into, with: packed, cause, intoMelt } = fact.data as Data
  return {
    coils: [
      ...[...sharesIn(from), ...sharesIn(into)].map(({ coil }) => coil),
      ...((packed as string[] | undefined) ?? []),
      ...(typeof cause === 'string' ? [cause] : []),
    ],
    melts: intoMelt ? [(intoMelt as { castNumber: string }).castNumber] : [],
  }
}

/** Of a fact before the title passed. */
export const wasAnothers = (revision: number, { titleRevision }: Pick<Asking, 'titleRevision'>) =>
  titleRevision !== null && revision < titleRevision

/** The fact without what is not theirs; undefined where nothing of it is. */
export function asOwnerSees(fact: CoilEvent, revision: number, asking: Asking): CoilEvent | undefined {
  const { titleRevision } = asking
  const before = wasAnothers(revision, asking)
  if (before && TRADE.has(fact.type)) return undefined
  const data: Data = before ? ofTheMetal(fact.data) : fact.data
  const told = {
    ...data,
    ...withoutOthers(data, asking),
    ...(revision === titleRevision && { from: SOMEBODY, reason: NOT_TOLD }),
  }
  return { type: fact.type, data: told } as unknown as CoilEvent
}

function ofTheMetal(data: Data): Data {
  return Object.fromEntries(
    Object.entries(data).flatMap(([name, value]) => {
      if (Object.hasOwn(FILLED, name)) return [[name, FILLED[name]]]
      return OF_THE_METAL.has(name) ? [[name, value]] : []
    }),
  )
}

function withoutOthers({ from, into, with: packed, cause, intoMelt }: Data, asking: Asking): Data {
  const { seesCoil, seesMelt, wasAlwaysTheirs } = asking
  const shares = (entries: unknown) =>
    sharesIn(entries).map((share) => (seesCoil(share.coil) ? share : { coil: ANOTHER_COIL }))
  const melt = intoMelt as { castNumber: string } | undefined
  return {
    ...(Array.isArray(from) && { from: shares(from) }),
    ...(Array.isArray(into) && { into: shares(into) }),
    ...(Array.isArray(packed) && { with: (packed as string[]).filter(seesCoil) }),
    ...(typeof cause === 'string' && { cause: seesCoil(cause) ? cause : ANOTHER_COIL }),
    // What came down from a coil was said of that one.
    ...(typeof cause === 'string' && !wasAlwaysTheirs(cause) && { reason: NOT_TOLD }),
    ...(melt && !seesMelt(melt.castNumber) && { intoMelt: { ...melt, castNumber: ANOTHER_MELT } }),
  }
}

const sharesIn = (entries: unknown): readonly Share[] => (Array.isArray(entries) ? (entries as Share[]) : [])
