/**
 * Two partners whose metal meets in one plant in every way that it can: cut from each other's, melted together, sold
 * to each other, worked in one order. What is of one of them alone has their word in it, so that it can be looked for.
 */
import type { PlantFact } from '#domain/events'
import { example } from './every-fact.js'
import { castStrip, locationDefined, partnerRegistered, plantConfigured, temperDefined } from './facts.js'

export interface Owner {
  readonly code: string
  /** In every number, paper and note of theirs. */
  readonly word: string
}
export const AZAL: Owner = { code: 'AZAL', word: 'AZ' }
export const BALT: Owner = { code: 'BALT', word: 'BX' }

/** Numbers of an owner's coils; what is theirs by title alone has nobody's word in it. */
export const numbersOf = ({ word }: Owner) => ({
  free: `${word}-1`,
  mother: `${word}-2`,
  kept: `${word}-2-KEPT`,
  given: `GIVEN-BY-${word}`,
  mixed: `${word}-3`,
  mixedChild: `${word}-3-A`,
  melted: `${word}-4`,
  cast: `${word}-5`,
  sold: `${word}-6`,
  bought: `BOUGHT-OF-${word}`,
  packed: `${word}-7`,
  running: `${word}-8`,
  expected: `${word}-9`,
})

/** What the partner may find in no answer: the code of the other, and whatever is the other's alone. */
export const wordsOf = ({ code, word }: Owner) => new RegExp(`\\b(${code}|${word}-)`, 'i')

export function twoOwners(): PlantFact[] {
  return [
    plantConfigured(),
    temperDefined('F'),
    example('AlloyDefined'),
    locationDefined(),
    example('LineDefined'),
    partnerRegistered({ partner: 'METALCO', name: 'Metalco', country: 'RO', roles: ['customer'] }),
    ...own(AZAL),
    ...own(BALT),
    ...remelted(),
    ...mixedOrder(),
    ...passes(BALT, AZAL),
    ...passes(AZAL, BALT),
  ]
}

function born(owner: Owner, coil: string): PlantFact[] {
  const { code, word } = owner
  const papers = { packingList: `${word}-PL`, agreement: `${word}-AGR`, deliveryNote: `${word}-NOTE` }
  const common = {
    coil,
    owner: code,
    supplier: code,
    castNumber: `HEAT-${coil.replace(`${word}-`, '')}`,
    product: castStrip,
  }
  const { packingList: _, ...received } = papers
  return [
    example('CoilAnnounced', { ...common, ...papers, netWeightKg: 6900, remarks: `${word}-remark` }),
    example('CoilReceived', { ...common, ...received, announced: true, holder: 'ALRO', remarks: `${word}-remark` }),
  ]
}

function own(owner: Owner): PlantFact[] {
  const { code, word } = owner
  const coils = numbersOf(owner)
  const { difference: _, ...arrived } = example('CoilReceived').data
  const bornHere = [
    coils.free,
    coils.mother,
    coils.mixed,
    coils.melted,
    coils.sold,
    coils.bought,
    coils.packed,
    coils.running,
  ]
  const sale = { salesOrder: `${word}-SO`, line: 1, customer: 'METALCO' }
  const order = { processOrder: `${word}-PO`, line: 'SLIT-1', step: 'slit' as const }
  return [
    partnerRegistered({ partner: code, name: `${word}-name` }),
    example('SalesMandateGranted', { partner: code, mandate: `${word}-M` }),
    example('PackingListAccepted', {
      ...{
        packingList: `${word}-PL`,
        supplier: code,
        owner: code,
        agreement: `${word}-AGR`,
        deliveryNote: `${word}-NOTE`,
      },
      coils: bornHere,
      contentHash: `${word}-hash`,
    }),
    ...bornHere.flatMap((coil) => born(owner, coil)),
    example('CoilAnnounced', {
      coil: coils.expected,
      owner: code,
      supplier: code,
      packingList: `${word}-PL`,
      remarks: `${word}-soon`,
    }),
    example('CoilReceived', {
      ...arrived,
      coil: `${word}-ALONE`,
      owner: code,
      supplier: code,
      castNumber: `${word}-HEAT`,
    }),
    example('MeltAnalysed', {
      castNumber: `${word}-HEAT`,
      accepted: { reason: `${word}-reason`, acceptedBy: 'Maria Marin' },
    }),
    example('CoilHeld', { coil: coils.mother, reason: `${word}-surface` }),
    example('CoilReleased', { coil: coils.mother, reason: `${word}-better` }),
    ...cut(owner),
    // The one that stays, sold under their mandate to somebody else; its title goes with the delivery.
    example('SalesOrderPlaced', { salesOrder: sale.salesOrder, customer: sale.customer, remarks: `${word}-remark` }),
    example('CoilReserved', { ...sale, coil: coils.sold, reservation: `${word}-reservation` }),
    example('CoilsReserved', { ...sale, coils: [{ coil: coils.sold, kg: 6853 }], reservation: `${word}-reservation` }),
    example('CoilSold', { ...sale, coil: coils.sold, owner: code, mandate: `${word}-M` }),
    example('CoilsSold', { ...sale, coils: [{ coil: coils.sold, kg: 6853 }] }),
    example('CoilDispatched', { ...sale, coil: coils.sold, deliveryNote: `${word}-DN` }),
    example('GoodsDispatched', {
      salesOrder: sale.salesOrder,
      deliveryNote: `${word}-DN`,
      coils: [{ coil: coils.sold, line: 1, kg: 6853 }],
    }),
    example('DeliveryNoteIssued', {
      salesOrder: sale.salesOrder,
      customer: sale.customer,
      deliveryNote: `${word}-DN`,
      coils: [{ coil: coils.sold, line: 1, kg: 6853 }],
    }),
    example('ProcessOrderPlanned', {
      ...order,
      processOrder: `${word}-PO-2`,
      inputs: [coils.running],
      remarks: `${word}-remark`,
    }),
    example('ProcessOrderStarted', {
      ...order,
      processOrder: `${word}-PO-2`,
      inputs: [entry(coils.running, code, 6853)],
    }),
    example('CoilProcessingStarted', { ...order, processOrder: `${word}-PO-2`, coil: coils.running }),
    example('CoilReserved', { ...sale, coil: coils.free, reservation: `${word}-later` }),
    example('CastingRunStarted', { castingRun: `${word}-RUN`, owner: code }),
    example('ApprovalRequested', {
      approval: `0190a1b2-0000-7000-8000-${code === 'AZAL' ? 'a' : 'b'}00000000000`,
      subject: `coil-${coils.mother}`,
    }),
  ]
}

/** One cut gives a coil that stays, and one that is given to the other. */
function cut(owner: Owner): PlantFact[] {
  const { code, word } = owner
  const { mother, kept, given } = numbersOf(owner)
  const order = { processOrder: `${word}-PO`, line: 'SLIT-1', step: 'slit' as const }
  const melts = [`HEAT-${mother.replace(`${word}-`, '')}`]
  const produced = { ...order, owner: code, melts, from: [{ coil: mother, kg: 3400 }], netWeightKg: 3400 }
  return [
    example('CoilProcessingStarted', { ...order, coil: mother }),
    example('CoilConsumed', {
      ...order,
      coil: mother,
      owner: code,
      into: [
        { coil: kept, kg: 3400 },
        { coil: given, kg: 3400 },
      ],
    }),
    example('CoilProduced', { ...produced, coil: kept }),
    example('CoilProduced', { ...produced, coil: given }),
    example('ProcessOrderCompleted', {
      ...order,
      inputs: [entry(mother, code, 6853)],
      outputs: [kept, given].map((coil) => ({ ...entry(coil, code, 3400), remnant: false })),
      override: { reason: `${word}-scale`, requestedBy: 'Ana Popescu', approvedBy: 'Ion Ionescu' } as never,
    }),
  ]
}

/** Before it passes, things are written of it that are no business of whom it passes to. */
function passes(from: Owner, to: Owner): PlantFact[] {
  const { word } = from
  const { given, mother, bought } = numbersOf(from)
  const sale = { salesOrder: `SO-OF-${to.word}`, line: 1, customer: to.code }
  const reserved = { reservation: `${word}-R`, salesOrder: `${word}-SO-2` }
  return [
    example('CoilHeld', { coil: given, cause: mother, reason: `${word}-surface`, hold: `hold-${given}` }),
    example('CoilInspected', { coil: given, findings: [`${word}-finding`] }),
    example('CoilReserved', { coil: given, ...reserved, customer: `${from.code}C`, deviation: `${word}-deviation` }),
    example('CoilReservationReleased', { coil: given, ...reserved, reason: `${word}-why` }),
    example('CoilWeightCorrected', {
      coil: given,
      netWeightKg: 3400,
      reason: `${word}-typo`,
      afterSale: { salesOrder: `${word}-SO-2`, customer: `${from.code}C` },
    }),
    example('TitleTransferred', { coil: given, from: from.code, to: to.code, holder: 'ALRO', reason: `${word}-debt` }),
    example('CoilMoved', { coil: given, from: 'B1', to: 'B2' }),
    // Sold, and theirs with the delivery.
    example('CoilSold', { ...sale, coil: bought, owner: from.code, mandate: `${word}-M` }),
    example('CoilDispatched', { ...sale, coil: bought, deliveryNote: `DN-OF-${to.word}` }),
    example('CoilDelivered', { coil: bought, salesOrder: sale.salesOrder, deliveryNote: `DN-OF-${to.word}` }),
    example('TitleTransferred', {
      coil: bought,
      from: from.code,
      to: to.code,
      holder: to.code,
      reason: `${word}-delivered`,
    }),
  ]
}

/** Coils of both become one melt of the plant's, of which coils of both are cast. */
function remelted(): PlantFact[] {
  const both = [AZAL, BALT]
  const order = { processOrder: 'PO-REMELT', line: 'FURN-1', step: 'remelt' as const }
  return [
    ...both.map((owner) =>
      example('CoilConsumed', {
        ...order,
        ...{ coil: numbersOf(owner).melted, owner: owner.code, into: [], intoMelt: { castNumber: 'M-BOTH', kg: 6800 } },
      }),
    ),
    example('MeltRecorded', {
      ...{ castNumber: 'M-BOTH', owner: 'ALRO', netWeightKg: 13_600 },
      from: both.map((owner) => ({ coil: numbersOf(owner).melted, kg: 6800 })),
    }),
    example('MeltAnalysed', {
      castNumber: 'M-BOTH',
      accepted: { reason: 'AZ-reason of BX-reason', acceptedBy: 'Maria Marin' },
    }),
    ...both.flatMap(({ word, code }) => [
      example('CoilCast', {
        coil: `${word}-5`,
        owner: code,
        castingRun: 'RUN-BOTH',
        melts: [{ castNumber: 'M-BOTH', kg: 6600 }],
      }),
      example('CoilPacked', { coil: `${word}-7`, pack: 'SKID-BOTH', with: ['AZ-7', 'BX-7'] }),
    ]),
  ]
}

function mixedOrder(): PlantFact[] {
  const both = [AZAL, BALT]
  const order = { processOrder: 'PO-BOTH', line: 'SLIT-1', step: 'level' as const }
  const inputs = both.map((owner) => entry(numbersOf(owner).mixed, owner.code, 6853))
  const outputs = both.map((owner) => ({ ...entry(numbersOf(owner).mixedChild, owner.code, 6800), remnant: false }))
  return [
    example('ProcessOrderPlanned', {
      ...order,
      inputs: inputs.map(({ coil }) => coil),
      mixed: { reason: 'AZ-trial and BX-trial' },
    }),
    example('ProcessOrderCompleted', { ...order, inputs, outputs }),
    ...both.flatMap((owner) => {
      const { mixed, mixedChild } = numbersOf(owner)
      const all = outputs.map(({ coil }) => ({ coil, kg: 3400 }))
      return [
        example('CoilConsumed', { ...order, coil: mixed, owner: owner.code, into: all }),
        example('CoilProduced', {
          ...order,
          coil: mixedChild,
          owner: owner.code,
          melts: ['HEAT-3'],
          from: inputs.map(({ coil }) => ({ coil, kg: 3400 })),
        }),
      ]
    }),
  ]
}

const entry = (coil: string, owner: string, kg: number) => ({ coil, owner, kg, product: castStrip })
