/** One fact of every type, whole and plausible: for what must be able to take any of them. */
import type { PlantFact } from '#domain/events'
import {
  alloyDefined,
  castStrip,
  coilAnnounced,
  coilHeld,
  coilReceived,
  coilReserved,
  coilStored,
  lineDefined,
  locationDefined,
  partnerRegistered,
  plantConfigured,
} from './facts.js'

type Examples = { readonly [Type in PlantFact['type']]: Extract<PlantFact, { type: Type }>['data'] }

const coil = 'AZ-1'
const weighing = { by: 'scale' as const, scale: 'GATE' }
const half = { ...castStrip, widthMm: 620 }
const onSlitter = { processOrder: 'PO-1', line: 'SLIT-1', step: 'slit' as const }
const balance = { inKg: 6853, outKg: 6800, scrapKg: 50, lossKg: 0, differenceKg: 3 }
const input = { coil, kg: 6853, owner: 'AZAL', product: castStrip }
const output = { coil: 'AZ-1-A', kg: 3400, owner: 'AZAL', product: half, remnant: false }
const corrects = { eventId: '0190a1b2-0000-7000-8000-000000000001', type: 'CoilReceived', revision: 0 }
const startedAt = '2026-11-09T06:00:00.000Z'
const finishedAt = '2026-11-09T12:30:00.000Z'
const until = '2026-11-17T12:00:00.000Z'
const onOrder = { salesOrder: 'SO-1', line: 1 }
const shares = [{ coil, kg: 6853 }]
const parcels = [{ coil, line: 1, kg: 6853 }]
const both = { requestedBy: 'Ana Popescu', approvedBy: 'Ion Ionescu' }
const override = { reason: 'scale was out of order', ...both }
const approval = '3b7e0c9a51d24f6688aa'
const asks = 'Release coil AZ-1 from a hold'
const onApproval = { approval, permission: 'release-hold', asks }
const account = '0190a1b2-0000-7000-8000-000000000002'
const session = '0190a1b2-0000-7000-8000-000000000003'
const specification = {
  alloy: 'EN AW-8011A',
  temper: 'F',
  gaugeMm: { min: 6, max: 8 },
  widthMm: { min: 1200, max: 1300 },
  form: 'coil' as const,
}

export const everyFact: Examples = {
  PlantConfigured: plantConfigured().data,
  PartnerRegistered: partnerRegistered().data,
  PartnerChanged: partnerRegistered({ name: 'Azeraluminium LLC' }).data,
  SalesMandateGranted: { partner: 'AZAL', mandate: 'M-2026', validFrom: '2026-01-01', validTo: '2026-12-31' },
  SalesMandateRevoked: { partner: 'AZAL', mandate: 'M-2026', reason: 'agreement ended' },
  LocationDefined: locationDefined().data,
  LocationChanged: locationDefined({ capacityCoils: 40 }).data,
  CoilStored: coilStored().data,
  CoilTaken: coilStored().data,
  LineDefined: lineDefined().data,
  LineChanged: lineDefined({ name: 'Slitter one' }).data,
  LineEngaged: { line: 'SLIT-1', by: 'process-order', number: 'PO-1' },
  LineFreed: { line: 'SLIT-1', by: 'process-order', number: 'PO-1' },
  AlloyDefined: alloyDefined().data,
  AlloyChanged: alloyDefined().data,
  TemperDefined: { temper: 'F', description: 'as fabricated' },
  PackingListAccepted: {
    packingList: 'PL-1',
    supplier: 'AZAL',
    owner: 'AZAL',
    contentHash: 'a'.repeat(64),
    coils: [coil],
    kg: 6853,
    unchanged: [],
    rowsLeftOut: 1,
    faults: [{ row: 4, column: 'alloy', value: '8011', rule: 'unknown-alloy', message: 'there is no alloy 8011' }],
  },
  MeltRecorded: {
    castNumber: 'M-1',
    alloy: 'EN AW-8011A',
    owner: 'ALRO',
    origin: 'remelt',
    netWeightKg: 6700,
    from: shares,
  },
  MeltAnalysed: {
    castNumber: 'M-1',
    alloy: 'EN AW-8011A',
    elements: { Si: 0.61, Fe: 1.1 },
    outside: [{ element: 'Fe', value: 1.1, max: 1 }],
    accepted: { reason: 'customer agreed', acceptedBy: 'Maria Marin' },
  },
  MeltCharged: { castNumber: 'M-1', castingRun: 'RUN-1' },
  CastingRunStarted: { castingRun: 'RUN-1', line: 'CAST-1', alloy: 'EN AW-8011A', owner: 'ALRO', startedAt },
  MeltAddedToRun: { castingRun: 'RUN-1', castNumber: 'M-1', netWeightKg: 6700 },
  CoilCastInRun: { castingRun: 'RUN-1', coil, netWeightKg: 6600, melts: [{ castNumber: 'M-1', kg: 6600 }] },
  CastingRunFinished: {
    ...{
      castingRun: 'RUN-1',
      line: 'CAST-1',
      alloy: 'EN AW-8011A',
      owner: 'ALRO',
      toleranceKg: 20,
      startedAt,
      finishedAt,
    },
    coils: [{ coil, kg: 6600 }],
    melts: [{ castNumber: 'M-1', kg: 6700 }],
    balance: { inKg: 6700, outKg: 6600, scrapKg: 60, lossKg: 40, differenceKg: 0 },
  },
  CoilAnnounced: coilAnnounced().data,
  CoilReceived: coilReceived({
    difference: { announcedKg: 6900, differenceKg: -47, toleranceKg: 34.5, beyondTolerance: true },
  }).data,
  WeightDifferenceAccepted: { coil, differenceKg: -47, acceptedBy: 'Ion Ionescu', reason: 'supplier agreed' },
  CoilCast: {
    ...{ coil, castingRun: 'RUN-1', line: 'CAST-1', owner: 'ALRO', holder: 'ALRO', location: 'B1', weighing },
    melts: [{ castNumber: 'M-1', kg: 6600 }],
    product: castStrip,
    netWeightKg: 6600,
  },
  CoilProduced: {
    ...{ coil: 'AZ-1-A', ...onSlitter, owner: 'AZAL', holder: 'ALRO', location: 'B1', weighing },
    from: [{ coil, kg: 3400 }],
    melts: ['G26-3107'],
    remnant: false,
    product: half,
    netWeightKg: 3400,
  },
  CoilMoved: { coil, from: 'B1', to: 'B2' },
  CoilWeighed: { coil, netWeightKg: 6850, scale: 'HALL', previousNetWeightKg: 6853, adjustmentKg: -3 },
  CoilInspected: { coil, result: 'nonconforming', findings: ['edge crack'], inspector: 'Maria Marin' },
  CoilHeld: coilHeld().data,
  CoilReleased: { coil, hold: 'hold-1', reason: 'edge trimmed', ...both },
  CoilDowngraded: { coil, grade: 'B', reason: 'stains' },
  CoilRejected: { coil, reason: 'wrong alloy' },
  CoilWeightCorrected: {
    ...{ coil, corrects, previousNetWeightKg: 6853, netWeightKg: 6835, adjustmentKg: -18, reason: 'digits swapped' },
    afterSale: { salesOrder: 'SO-1', customer: 'METALCO' },
    ...both,
  },
  CoilProductCorrected: { coil, corrects, previous: castStrip, product: half, reason: 'label of another coil' },
  CoilPacked: { coil, pack: 'SKID-1', with: ['AZ-2'] },
  CoilUnpacked: { coil, pack: 'SKID-1', reason: 'strap broke' },
  CoilScrapped: { coil, netWeightKg: 6853, owner: 'AZAL', kind: 'process-scrap', reason: 'crushed' },
  CoilProcessingStarted: { coil, ...onSlitter, from: 'B1' },
  CoilProcessingAborted: { coil, ...onSlitter, location: 'B1', reason: 'knife broke' },
  CoilTreated: {
    ...{ coil, processOrder: 'PO-2', line: 'FURN-1', step: 'anneal', location: 'B1' },
    previousTemper: 'F',
    temper: 'O',
    previousNetWeightKg: 6853,
    netWeightKg: 6850,
    lossKg: 2,
    differenceKg: 1,
  },
  CoilConsumed: {
    ...{ coil, ...onSlitter, netWeightKg: 6853, owner: 'AZAL' },
    into: [
      { coil: 'AZ-1-A', kg: 3400 },
      { coil: 'AZ-1-B', kg: 3400 },
    ],
    scrapKg: 50,
    lossKg: 0,
    differenceKg: 3,
  },
  CoilReserved: coilReserved().data,
  CoilReservationExtended: {
    ...{ coil, reservation: 'reservation-1', salesOrder: 'SO-1' },
    previousUntil: until,
    until: '2026-11-20T12:00:00.000Z',
  },
  CoilReservationReleased: { coil, reservation: 'reservation-1', salesOrder: 'SO-1', reason: 'customer declined' },
  CoilReservationExpired: { coil, reservation: 'reservation-1', salesOrder: 'SO-1', until },
  CoilSold: { coil, ...onOrder, customer: 'METALCO', owner: 'AZAL', mandate: 'M-2026', netWeightKg: 6853 },
  CoilSaleCancelled: { coil, salesOrder: 'SO-1', reason: 'customer withdrew' },
  CoilDispatched: {
    ...{ coil, salesOrder: 'SO-1', deliveryNote: 'DN-1', customer: 'METALCO' },
    netWeightKg: 6853,
    from: 'B1',
  },
  CoilDelivered: { coil, salesOrder: 'SO-1', deliveryNote: 'DN-1' },
  CoilReturned: { coil, salesOrder: 'SO-1', netWeightKg: 6853, location: 'B1', reason: 'transport damage' },
  TitleTransferred: { coil, from: 'AZAL', to: 'ALRO', holder: 'ALRO', reason: 'bought' },
  PackMade: { pack: 'SKID-1', coils: [coil, 'AZ-2'], location: 'B1' },
  PackMoved: { pack: 'SKID-1', coils: [coil, 'AZ-2'], from: 'B1', to: 'B2' },
  PackOpened: { pack: 'SKID-1', coils: [coil, 'AZ-2'], reason: 'customer wants one' },
  ProcessOrderPlanned: {
    ...onSlitter,
    inputs: [coil],
    planned: [{ widthMm: 620, pieces: 2 }],
    mixed: { reason: 'trial' },
    dueAt: finishedAt,
  },
  ProcessOrderStarted: { ...onSlitter, inputs: [input], startedAt },
  ProcessOrderCompleted: {
    ...{ ...onSlitter, balance, toleranceKg: 20, override, startedAt, completedAt: finishedAt },
    inputs: [input],
    outputs: [output, { ...output, coil: 'AZ-1-B' }],
  },
  ProcessOrderAborted: { ...onSlitter, inputs: [coil], reason: 'knife broke', startedAt, abortedAt: finishedAt },
  SalesOrderPlaced: {
    ...{ salesOrder: 'SO-1', customer: 'METALCO', reference: '4500012' },
    lines: [{ line: 1, specification, kg: 20_000, tolerancePercent: 10 }],
  },
  CoilsReserved: { ...onOrder, reservation: 'reservation-1', coils: shares, until },
  ReservationExtended: {
    ...{ ...onOrder, reservation: 'reservation-1', coils: [coil] },
    previousUntil: until,
    until: '2026-11-20T12:00:00.000Z',
  },
  ReservationReleased: { ...onOrder, reservation: 'reservation-1', coils: [coil], reason: 'customer declined' },
  ReservationExpired: { ...onOrder, reservation: 'reservation-1', coils: [coil], until },
  CoilsSold: { ...onOrder, coils: shares },
  SaleCancelled: { ...onOrder, coils: shares, reason: 'customer withdrew' },
  GoodsDispatched: { salesOrder: 'SO-1', deliveryNote: 'DN-1', coils: parcels, kg: 6853 },
  GoodsDelivered: { salesOrder: 'SO-1', deliveryNote: 'DN-1', coils: [coil] },
  GoodsReturned: { salesOrder: 'SO-1', coils: parcels, reason: 'transport damage' },
  SalesOrderCancelled: { salesOrder: 'SO-1', reason: 'customer withdrew' },
  DeliveryNoteIssued: {
    ...{ deliveryNote: 'DN-1', salesOrder: 'SO-1', customer: 'METALCO', coils: parcels, kg: 6853 },
    carrier: 'Trans SRL',
    vehicle: 'B 100 XYZ',
    issuedBy: 'Ana Popescu',
  },
  ApprovalRequested: {
    ...{ ...onApproval, subject: 'coil-AZ-1', reason: 'edge trimmed', commandId: 'command-1' },
    command: { coil, hold: 'hold-1', reason: 'edge trimmed' },
    requestedBy: { id: account, kind: 'person', name: 'Ana Popescu', role: 'quality', source: 'ui' },
    occurredAt: finishedAt,
    until,
  },
  ApprovalGranted: {
    ...{ ...onApproval, requestedBy: 'Ana Popescu', remark: 'looked at it myself' },
    approvedBy: { id: account, name: 'Ion Ionescu', role: 'quality' },
  },
  ApprovalRefused: {
    ...{ ...onApproval, requestedBy: 'Ana Popescu', reason: 'the crack is still there' },
    refusedBy: { id: account, name: 'Ion Ionescu', role: 'quality' },
  },
  ApprovalWithdrawn: {
    ...{ ...onApproval, requestedBy: 'Ana Popescu', withdrawnBy: 'Ana Popescu', reason: 'it was another coil' },
  },
  AccountOpened: { account, name: 'Ana Popescu', role: 'quality', by: 'admin' },
  AccountInvited: { account, name: 'Ana Popescu', until, by: 'admin' },
  PasswordChosen: { account, name: 'Ana Popescu' },
  AccountRightsChanged: { account, name: 'Ana Popescu', role: 'partner', partner: 'AZAL', by: 'admin' },
  AccountClosed: { account, name: 'Ana Popescu', reason: 'left the company', by: 'admin' },
  AccountReopened: { account, name: 'Ana Popescu', reason: 'came back', by: 'admin' },
  SignedIn: { account, name: 'Ana Popescu', session, by: 'password', address: '192.0.2.7' },
  SignInRefused: { account, name: 'Ana Popescu', why: 'wrong-password', address: '192.0.2.7' },
  SessionEnded: { account, name: 'Ana Popescu', session, by: 'Ana Popescu' },
  ApiKeyMade: {
    ...{ key: account, name: 'Gate 2', role: 'operator', expiresAt: until, by: 'admin' },
    scope: { permissions: ['receive-coils', 'move-coil'], locations: ['GATE', 'BAY-01'] },
  },
  ApiKeyRevoked: { key: account, name: 'Gate 2', reason: 'scanner was lost', by: 'admin' },
  AccessRefused: {
    ...{ day: '2026-11-09', name: 'Gate 2', role: 'operator', permission: 'sell-coils', rule: 'not-allowed' },
    times: 3,
    address: '192.0.2.7',
  },
}

/** The fact itself, with some of its fields otherwise. */
export function example<Type extends PlantFact['type']>(
  type: Type,
  data: Partial<Examples[Type]> = {},
): Extract<PlantFact, { type: Type }> {
  return { type, data: { ...everyFact[type], ...data } } as unknown as Extract<PlantFact, { type: Type }>
}
