import type { CoilEvent } from '#domain/coil/events'
import { also, because, both, change, kg, list, minute, strip } from './phrases.js'
import type { Sentences } from './sentences.js'

const weighing = { scale: 'weighed', declared: 'as declared' } as const
const melts = (numbers: readonly string[]) => `${numbers.length === 1 ? 'melt' : 'melts'} ${list(numbers)}`
const toldCustomer = (sale: { customer: string; salesOrder: string } | undefined) =>
  sale ? `; it was sold to ${sale.customer} on order ${sale.salesOrder} by then` : ''

export const aboutCoils: Sentences<CoilEvent['type']> = {
  CoilAnnounced: (d) =>
    `Announced by ${d.supplier} on packing list ${d.packingList}: ${strip(d.product)}, ${kg(d.netWeightKg)}, melt ${d.castNumber}`,
  CoilReceived: (d) =>
    `Received from ${d.supplier} into ${d.location}: ${strip(d.product)}, ${kg(d.netWeightKg)} ${weighing[d.weighing.by]}, melt ${d.castNumber}${
      d.difference
        ? `; ${change(d.difference.differenceKg)} against the announcement${d.difference.beyondTolerance ? ', more than the tolerance: someone must accept it' : ''}`
        : ''
    }`,
  WeightDifferenceAccepted: (d) =>
    `Difference of ${change(d.differenceKg)} to the announced weight accepted by ${d.acceptedBy}${because(d.reason)}`,
  CoilCast: (d) =>
    `Cast on ${d.line} in run ${d.castingRun} from ${melts(d.melts.map((m) => m.castNumber))} into ${d.location}: ${strip(d.product)}, ${kg(d.netWeightKg)} ${weighing[d.weighing.by]}`,
  CoilProduced: (d) =>
    `${d.remnant ? 'Left over' : 'Produced'} on ${d.line} (${d.step}, order ${d.processOrder}) from ${list(d.from.map((m) => m.coil))} into ${d.location}: ${strip(d.product)}, ${kg(d.netWeightKg)}`,
  CoilMoved: (d) => `Moved from ${d.from} to ${d.to}`,
  CoilWeighed: (d) =>
    `Weighed on ${d.scale}: ${kg(d.netWeightKg)}, before ${kg(d.previousNetWeightKg)} (${change(d.adjustmentKg)})${toldCustomer(d.afterSale)}`,
  CoilInspected: (d) =>
    `Inspected by ${d.inspector}: ${d.result === 'conforming' ? 'conforming' : 'not conforming'}${also(d.findings.join('; '), ': ')}`,
  CoilHeld: (d) =>
    d.cause
      ? `Put on hold with coil ${d.cause}, of which it was made${because(d.reason)}`
      : `Put on hold${because(d.reason)}`,
  CoilReleased: (d) => `Released from hold by ${both(d)}${d.cause ? ` with coil ${d.cause}` : ''}${because(d.reason)}`,
  CoilDowngraded: (d) => `Downgraded to ${d.grade}${because(d.reason)}`,
  CoilRejected: (d) => `Rejected${because(d.reason)}`,
  CoilWeightCorrected: (d) =>
    `Weight corrected from ${kg(d.previousNetWeightKg)} to ${kg(d.netWeightKg)} (${change(d.adjustmentKg)})${d.approvedBy ? ` by ${both({ ...d, approvedBy: d.approvedBy })}` : ''}${because(d.reason)}${toldCustomer(d.afterSale)}`,
  CoilProductCorrected: (d) =>
    `Product corrected from ${strip(d.previous)} to ${strip(d.product)}${because(d.reason)}${toldCustomer(d.afterSale)}`,
  CoilPacked: (d) => {
    const others = d.with.filter((coil) => coil !== d.coil)
    return `Packed in ${d.pack}${others.length ? ` together with ${list(others)}` : ''}`
  },
  CoilUnpacked: (d) => `Taken out of pack ${d.pack}${because(d.reason)}`,
  CoilScrapped: (d) =>
    `Scrapped, ${kg(d.netWeightKg)} ${d.kind === 'process-scrap' ? 'to be remelted' : 'lost as dross'}${because(d.reason)}`,
  CoilProcessingStarted: (d) => `Taken from ${d.from} to ${d.line} (${d.step}, order ${d.processOrder})`,
  CoilProcessingAborted: (d) =>
    `Taken off ${d.line} unprocessed, back to ${d.location} (${d.step}, order ${d.processOrder})${because(d.reason)}`,
  CoilTreated: (d) =>
    `${d.step === 'homogenise' ? 'Homogenised' : 'Annealed'} on ${d.line} (order ${d.processOrder}), temper ${d.previousTemper} to ${d.temper}, ${kg(d.previousNetWeightKg)} to ${kg(d.netWeightKg)}, now in ${d.location}`,
  CoilConsumed: (d) => {
    const into = d.intoMelt ? [`melt ${d.intoMelt.castNumber}`] : d.into.map((child) => child.coil)
    const lost = [
      d.scrapKg > 0 && `${kg(d.scrapKg)} scrap`,
      d.lossKg > 0 && `${kg(d.lossKg)} loss`,
      d.differenceKg !== 0 && `difference ${change(d.differenceKg)}`,
    ].filter((part) => part !== false)
    return `Used up on ${d.line} (${d.step}, order ${d.processOrder}): ${kg(d.netWeightKg)}${into.length ? ` into ${list(into)}` : ''}${also(lost.join(', '))}`
  },
  CoilReserved: (d) => `Reserved for ${d.customer}, order ${d.salesOrder} line ${d.line}, until ${minute(d.until)}`,
  CoilReservationExtended: (d) => `Reservation for order ${d.salesOrder} extended until ${minute(d.until)}`,
  CoilReservationReleased: (d) => `Reservation for order ${d.salesOrder} released${because(d.reason)}`,
  CoilReservationExpired: (d) => `Reservation for order ${d.salesOrder} expired: it was until ${minute(d.until)}`,
  CoilSold: (d) =>
    `Sold to ${d.customer}, order ${d.salesOrder} line ${d.line}, ${kg(d.netWeightKg)} of ${d.owner}${also(d.mandate, ' under mandate ')}`,
  CoilSaleCancelled: (d) => `Sale on order ${d.salesOrder} cancelled${because(d.reason)}`,
  CoilDispatched: (d) =>
    `Dispatched from ${d.from} to ${d.customer} with delivery note ${d.deliveryNote}, ${kg(d.netWeightKg)}, order ${d.salesOrder}`,
  CoilDelivered: (d) => `Delivered with delivery note ${d.deliveryNote}, order ${d.salesOrder}`,
  CoilReturned: (d) =>
    `Returned from order ${d.salesOrder} into ${d.location}, ${kg(d.netWeightKg)}${because(d.reason)}`,
  TitleTransferred: (d) => `Now owned by ${d.to}, before by ${d.from}; held by ${d.holder}${because(d.reason)}`,
}
