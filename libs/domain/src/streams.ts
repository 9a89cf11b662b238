import { accessEvents } from './access/events.js'
import { approvalEvents } from './approval/events.js'
import { arrivalEvents } from './arrivals/events.js'
import { castingEvents } from './casting/events.js'
import { coilEvents } from './coil/events.js'
import { allEvents, type PlantFact } from './events.js'
import { meltEvents } from './melt/events.js'
import { packEvents } from './pack/events.js'
import { processingEvents } from './processing/events.js'
import { salesEvents } from './sales/events.js'

/** Stream names: one stream is one thing's history. */
export const coilStream = (coil: string) => `coil-${coil}`
export const meltStream = (castNumber: string) => `melt-${castNumber}`
export const castingRunStream = (castingRun: string) => `castingRun-${castingRun}`
export const processOrderStream = (processOrder: string) => `processOrder-${processOrder}`
export const salesOrderStream = (salesOrder: string) => `salesOrder-${salesOrder}`
export const deliveryNoteStream = (deliveryNote: string) => `deliveryNote-${deliveryNote}`
export const packStream = (pack: string) => `pack-${pack}`
export const packingListStream = (packingList: string) => `packingList-${packingList}`
export const locationStream = (location: string) => `location-${location}`
export const lineStream = (line: string) => `line-${line}`
export const partnerStream = (partner: string) => `partner-${partner}`
export const alloyStream = (alloy: string) => `alloy-${alloy.replaceAll(' ', '-')}`
export const temperStream = (temper: string) => `temper-${temper}`
export const approvalStream = (approval: string) => `approval-${approval}`
export const accountStream = (account: string) => `account-${account}`
export const apiKeyStream = (key: string) => `apiKey-${key}`
export const refusalsStream = (day: string) => `refusals-${day}`
export const PLANT_STREAM = 'plant-main'

/** What every name above begins with: in a store that others use too, these are ours. */
export const STREAM_PREFIXES: readonly string[] = [
  ...['coil-', 'melt-', 'castingRun-', 'processOrder-', 'salesOrder-', 'deliveryNote-', 'pack-', 'packingList-'],
  ...['location-', 'line-', 'partner-', 'alloy-', 'temper-', 'plant-'],
  ...['approval-', 'account-', 'apiKey-', 'refusals-'],
]

type Named = Readonly<Record<string, string>>

/** By catalog: which field of its events names the stream. */
const named: [object, (data: Named) => string][] = [
  [coilEvents, (data) => coilStream(data.coil!)],
  [meltEvents, (data) => meltStream(data.castNumber!)],
  [castingEvents, (data) => castingRunStream(data.castingRun!)],
  [processingEvents, (data) => processOrderStream(data.processOrder!)],
  [salesEvents, (data) => salesOrderStream(data.salesOrder!)],
  [packEvents, (data) => packStream(data.pack!)],
  [arrivalEvents, (data) => packingListStream(data.packingList!)],
  [approvalEvents, (data) => approvalStream(data.approval!)],
  [accessEvents, (data) => accountStream(data.account!)],
]

/** Where the catalog does not say it: the delivery note, and the plant's own things. */
const special: Partial<Record<PlantFact['type'], (data: Named) => string>> = {
  DeliveryNoteIssued: (data) => deliveryNoteStream(data.deliveryNote!),
  PlantConfigured: () => PLANT_STREAM,
  PartnerRegistered: (data) => partnerStream(data.partner!),
  PartnerChanged: (data) => partnerStream(data.partner!),
  SalesMandateGranted: (data) => partnerStream(data.partner!),
  SalesMandateRevoked: (data) => partnerStream(data.partner!),
  LocationDefined: (data) => locationStream(data.location!),
  LocationChanged: (data) => locationStream(data.location!),
  CoilStored: (data) => locationStream(data.location!),
  CoilTaken: (data) => locationStream(data.location!),
  LineDefined: (data) => lineStream(data.line!),
  LineChanged: (data) => lineStream(data.line!),
  LineEngaged: (data) => lineStream(data.line!),
  LineFreed: (data) => lineStream(data.line!),
  AlloyDefined: (data) => alloyStream(data.alloy!),
  AlloyChanged: (data) => alloyStream(data.alloy!),
  TemperDefined: (data) => temperStream(data.temper!),
  ApiKeyMade: (data) => apiKeyStream(data.key!),
  ApiKeyRevoked: (data) => apiKeyStream(data.key!),
  AccessRefused: (data) => refusalsStream(data.day!),
}

const streamByType = new Map<string, (data: Named) => string>(
  Object.keys(allEvents).map((type) => {
    const stream = special[type as PlantFact['type']] ?? named.find(([catalog]) => Object.hasOwn(catalog, type))?.[1]
    if (!stream) throw new Error(`event type ${type} belongs to no stream`)
    return [type, stream]
  }),
)

/** The one stream that a fact belongs to. */
export const streamOf = (fact: PlantFact): string => streamByType.get(fact.type)!(fact.data as unknown as Named)

/**
 * True for facts that hold whatever else their stream says: their writers need not read it, nor wait for others there.
 * A coil that leaves a bay asks for no room.
 */
export const isUnconditional = (fact: PlantFact): boolean => fact.type === 'CoilTaken'

/**
 * One kind of stream: how its name is made, and how its state is folded.
 * `evolve` never changes the state it is given.
 */
export interface StreamKind<State> {
  /** As in the rule `unknown-<thing>`. */
  readonly thing: string
  readonly stream: (id: string) => string
  readonly evolve: (state: State | undefined, fact: PlantFact) => State | undefined
  /** True if writers need not wait for each other: facts of this stream do not depend on its state. */
  readonly unguarded?: (state: State) => boolean
  /** True if many commands about other things leave facts here: those remember their command, this stream need not. */
  readonly crowded?: boolean
}
