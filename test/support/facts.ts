import type { PlantFact } from '#domain/events'

/** Facts for specifications, whole and plausible, of which a test says only what it is about. */

type Data<Type extends PlantFact['type']> = Extract<PlantFact, { type: Type }>['data']

const fact = <Type extends PlantFact['type']>(type: Type, data: Data<Type>) =>
  ({ type, data }) as Extract<PlantFact, { type: Type }>

export const castStrip: Data<'CoilReceived'>['product'] = {
  form: 'coil',
  alloy: 'EN AW-8011A',
  temper: 'F',
  gaugeMm: 7,
  widthMm: 1250,
  innerDiameterMm: 508,
  outerDiameterMm: 1695,
}

export const plantConfigured = (data: Partial<Data<'PlantConfigured'>> = {}) =>
  fact('PlantConfigured', {
    name: 'Alro Slatina',
    company: 'ALRO',
    timeZone: 'Europe/Bucharest',
    receiptTolerance: { kg: 20, percent: 0.5 },
    ...data,
  })

export const partnerRegistered = (data: Partial<Data<'PartnerRegistered'>> = {}) =>
  fact('PartnerRegistered', {
    partner: 'AZAL',
    name: 'Azeraluminium',
    country: 'AZ',
    roles: ['owner', 'supplier'],
    ...data,
  })

export const locationDefined = (data: Partial<Data<'LocationDefined'>> = {}) =>
  fact('LocationDefined', { location: 'B1', name: 'Bay 1', kind: 'bay', capacityCoils: null, ...data })

export const lineDefined = (data: Partial<Data<'LineDefined'>> = {}) =>
  fact('LineDefined', {
    line: 'SLIT-1',
    name: 'Slitter 1',
    kind: 'slitter',
    steps: ['slit', 'edge-trim', 'divide'],
    tolerance: { kg: 10, percent: 0.3 },
    shifts: [
      { name: 'day', startsAt: '06:00', hours: 12 },
      { name: 'night', startsAt: '18:00', hours: 12 },
    ],
    ...data,
  })

export const alloyDefined = (data: Partial<Data<'AlloyDefined'>> = {}) =>
  fact('AlloyDefined', {
    alloy: 'EN AW-8011A',
    limits: { Si: { min: 0.4, max: 0.8 }, Fe: { min: 0.5, max: 1 }, Cu: { max: 0.1 } },
    ...data,
  })

export const coilAnnounced = (data: Partial<Data<'CoilAnnounced'>> = {}) =>
  fact('CoilAnnounced', {
    coil: 'AZ-1',
    packingList: 'PL-1',
    supplier: 'AZAL',
    owner: 'AZAL',
    castNumber: 'G26-3107',
    product: castStrip,
    netWeightKg: 6853,
    grossWeightKg: 6911,
    ...data,
  })

export const coilReceived = (data: Partial<Data<'CoilReceived'>> = {}) =>
  fact('CoilReceived', {
    coil: 'AZ-1',
    announced: false,
    supplier: 'AZAL',
    owner: 'AZAL',
    holder: 'ALRO',
    castNumber: 'G26-3107',
    product: castStrip,
    netWeightKg: 6853,
    weighing: { by: 'scale', scale: 'GATE' },
    location: 'B1',
    ...data,
  })

export const coilHeld = (data: Partial<Data<'CoilHeld'>> = {}) =>
  fact('CoilHeld', { coil: 'AZ-1', hold: 'hold-1', reason: 'surface', ...data })

export const coilReserved = (data: Partial<Data<'CoilReserved'>> = {}) =>
  fact('CoilReserved', {
    coil: 'AZ-1',
    reservation: 'reservation-1',
    salesOrder: 'SO-1',
    line: 1,
    customer: 'METALCO',
    until: '2026-11-17T12:00:00.000Z',
    ...data,
  })

export const coilStored = (coil = 'AZ-1', location = 'B1') => fact('CoilStored', { coil, location })

export const temperDefined = (temper = 'H14') => fact('TemperDefined', { temper, description: `temper ${temper}` })

export const processOrderPlanned = (data: Partial<Data<'ProcessOrderPlanned'>> = {}) =>
  fact('ProcessOrderPlanned', {
    processOrder: 'PO-1',
    line: 'L-1',
    step: 'slit',
    inputs: ['AZ-1'],
    planned: [],
    ...data,
  })

export const processOrderStarted = (data: Partial<Data<'ProcessOrderStarted'>> = {}) =>
  fact('ProcessOrderStarted', {
    processOrder: 'PO-1',
    line: 'L-1',
    step: 'slit',
    inputs: [{ coil: 'AZ-1', kg: 6853, owner: 'AZAL', product: castStrip }],
    startedAt: '2026-11-10T10:00:00.000Z',
    ...data,
  })

export const coilProcessingStarted = (data: Partial<Data<'CoilProcessingStarted'>> = {}) =>
  fact('CoilProcessingStarted', {
    coil: 'AZ-1',
    processOrder: 'PO-1',
    line: 'L-1',
    step: 'slit',
    from: 'B1',
    ...data,
  })

export const coilSold = (data: Partial<Data<'CoilSold'>> = {}) =>
  fact('CoilSold', {
    coil: 'AZ-1',
    salesOrder: 'SO-1',
    line: 1,
    customer: 'METALCO',
    owner: 'AZAL',
    mandate: 'MANDATE-1',
    netWeightKg: 6853,
    ...data,
  })

export const salesOrderPlaced = (data: Partial<Data<'SalesOrderPlaced'>> = {}) =>
  fact('SalesOrderPlaced', { salesOrder: 'SO-1', customer: 'METALCO', lines: [orderLine()], ...data })

/** Asks for the strip that coils of these facts are. */
export const orderLine = (
  line: Partial<Data<'SalesOrderPlaced'>['lines'][number]> = {},
): Data<'SalesOrderPlaced'>['lines'][number] => ({
  line: 1,
  specification: {
    alloy: 'EN AW-8011A',
    temper: 'F',
    gaugeMm: { min: 6, max: 8 },
    widthMm: { min: 1200, max: 1300 },
    form: 'coil',
  },
  kg: 20_000,
  tolerancePercent: 10,
  ...line,
})

export const coilsReserved = (data: Partial<Data<'CoilsReserved'>> = {}) =>
  fact('CoilsReserved', {
    salesOrder: 'SO-1',
    line: 1,
    reservation: 'reservation-1',
    coils: [{ coil: 'AZ-1', kg: 6853 }],
    until: '2026-11-17T12:00:00.000Z',
    ...data,
  })

export const coilsSold = (data: Partial<Data<'CoilsSold'>> = {}) =>
  fact('CoilsSold', { salesOrder: 'SO-1', line: 1, coils: [{ coil: 'AZ-1', kg: 6853 }], ...data })

export const salesMandateGranted = (data: Partial<Data<'SalesMandateGranted'>> = {}) =>
  fact('SalesMandateGranted', {
    partner: 'AZAL',
    mandate: 'MANDATE-1',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    ...data,
  })

export const goodsDispatched = (data: Partial<Data<'GoodsDispatched'>> = {}) =>
  fact('GoodsDispatched', {
    salesOrder: 'SO-1',
    deliveryNote: 'DN-1',
    coils: [{ coil: 'AZ-1', line: 1, kg: 6853 }],
    kg: 6853,
    ...data,
  })

export const coilDispatched = (data: Partial<Data<'CoilDispatched'>> = {}) =>
  fact('CoilDispatched', {
    coil: 'AZ-1',
    salesOrder: 'SO-1',
    deliveryNote: 'DN-1',
    customer: 'METALCO',
    netWeightKg: 6853,
    from: 'B1',
    ...data,
  })

export const deliveryNoteIssued = (data: Partial<Data<'DeliveryNoteIssued'>> = {}) =>
  fact('DeliveryNoteIssued', {
    deliveryNote: 'DN-1',
    salesOrder: 'SO-1',
    customer: 'METALCO',
    coils: [{ coil: 'AZ-1', line: 1, kg: 6853 }],
    kg: 6853,
    issuedBy: 'Ana Popescu',
    ...data,
  })

export const coilCast = (data: Partial<Data<'CoilCast'>> = {}) =>
  fact('CoilCast', {
    coil: 'AZ-1',
    castingRun: 'RUN-1',
    line: 'CAST-1',
    melts: [{ castNumber: 'M-1', kg: data.netWeightKg ?? 6853 }],
    owner: 'AZAL',
    holder: 'ALRO',
    product: castStrip,
    netWeightKg: 6853,
    weighing: { by: 'scale', scale: 'CASTER' },
    location: 'B1',
    ...data,
  })

export const coilProduced = (data: Partial<Data<'CoilProduced'>> = {}) =>
  fact('CoilProduced', {
    coil: 'AZ-1A',
    processOrder: 'PO-1',
    line: 'SLIT-1',
    step: 'slit',
    from: [{ coil: 'AZ-1', kg: data.netWeightKg ?? 3400 }],
    melts: ['G26-3107'],
    remnant: false,
    owner: 'AZAL',
    holder: 'ALRO',
    product: { ...castStrip, widthMm: 620 },
    netWeightKg: 3400,
    weighing: { by: 'scale', scale: 'BAY' },
    location: 'B1',
    ...data,
  })

export const coilConsumed = (data: Partial<Data<'CoilConsumed'>> = {}) =>
  fact('CoilConsumed', {
    coil: 'AZ-1',
    processOrder: 'PO-1',
    line: 'SLIT-1',
    step: 'slit',
    netWeightKg: 6853,
    owner: 'AZAL',
    into: [{ coil: 'AZ-1A', kg: 3400 }],
    scrapKg: 3453,
    lossKg: 0,
    differenceKg: 0,
    ...data,
  })

export const coilPacked = (data: Partial<Data<'CoilPacked'>> = {}) =>
  fact('CoilPacked', { coil: 'AZ-1', pack: 'PACK-1', with: [], ...data })

export const packMade = (data: Partial<Data<'PackMade'>> = {}) =>
  fact('PackMade', { pack: 'PACK-1', coils: ['AZ-1'], location: 'B1', ...data })

export const coilScrapped = (coil = 'AZ-1') =>
  fact('CoilScrapped', { coil, netWeightKg: 6853, owner: 'AZAL', kind: 'process-scrap', reason: 'torn' })

export const coilDelivered = (data: Partial<Data<'CoilDelivered'>> = {}) =>
  fact('CoilDelivered', { coil: 'AZ-1', salesOrder: 'SO-1', deliveryNote: 'DN-1', ...data })

export const coilReturned = (data: Partial<Data<'CoilReturned'>> = {}) =>
  fact('CoilReturned', {
    coil: 'AZ-1',
    salesOrder: 'SO-1',
    netWeightKg: 6853,
    location: 'B1',
    reason: 'wrong gauge',
    ...data,
  })

export const coilWeighed = (data: Partial<Data<'CoilWeighed'>> = {}) =>
  fact('CoilWeighed', {
    coil: 'AZ-1',
    netWeightKg: 6840,
    scale: 'BAY',
    previousNetWeightKg: 6853,
    adjustmentKg: -13,
    ...data,
  })

export const coilDowngraded = (coil = 'AZ-1') => fact('CoilDowngraded', { coil, grade: 'B', reason: 'scratches' })
export const coilRejected = (coil = 'AZ-1') => fact('CoilRejected', { coil, reason: 'cracks' })

export const casterDefined = (data: Partial<Data<'LineDefined'>> = {}) =>
  lineDefined({
    line: 'CAST-1',
    name: 'Caster 1',
    kind: 'caster',
    steps: ['cast'],
    tolerance: { kg: 100, percent: 1 },
    ...data,
  })

export const lineEngaged = (data: Partial<Data<'LineEngaged'>> = {}) =>
  fact('LineEngaged', { line: 'CAST-1', by: 'casting-run', number: 'RUN-1', ...data })

export const castingRunStarted = (data: Partial<Data<'CastingRunStarted'>> = {}) =>
  fact('CastingRunStarted', {
    castingRun: 'RUN-1',
    line: 'CAST-1',
    alloy: 'EN AW-8011A',
    owner: 'AZAL',
    startedAt: '2026-11-10T06:00:00.000Z',
    ...data,
  })

export const castingRunFinished = (data: Partial<Data<'CastingRunFinished'>> = {}) =>
  fact('CastingRunFinished', {
    castingRun: 'RUN-1',
    line: 'CAST-1',
    alloy: 'EN AW-8011A',
    owner: 'AZAL',
    coils: [],
    melts: [],
    balance: { inKg: 0, outKg: 0, scrapKg: 0, lossKg: 0, differenceKg: 0 },
    toleranceKg: 100,
    startedAt: '2026-11-10T06:00:00.000Z',
    finishedAt: '2026-11-10T10:00:00.000Z',
    ...data,
  })

export const meltRecorded = (data: Partial<Data<'MeltRecorded'>> = {}) =>
  fact('MeltRecorded', {
    castNumber: 'M-1',
    alloy: 'EN AW-8011A',
    owner: 'AZAL',
    origin: 'furnace',
    netWeightKg: 20_000,
    from: [],
    ...data,
  })

export const meltAnalysed = (data: Partial<Data<'MeltAnalysed'>> = {}) =>
  fact('MeltAnalysed', {
    castNumber: 'M-1',
    alloy: 'EN AW-8011A',
    elements: { Si: 0.62, Fe: 0.78, Cu: 0.02 },
    outside: [],
    ...data,
  })

export const meltCharged = (castNumber = 'M-1', castingRun = 'RUN-1') => fact('MeltCharged', { castNumber, castingRun })

export const meltAddedToRun = (data: Partial<Data<'MeltAddedToRun'>> = {}) =>
  fact('MeltAddedToRun', { castingRun: 'RUN-1', castNumber: 'M-1', netWeightKg: 20_000, ...data })

export const coilCastInRun = (data: Partial<Data<'CoilCastInRun'>> = {}) =>
  fact('CoilCastInRun', {
    castingRun: 'RUN-1',
    coil: 'AZ-1',
    netWeightKg: 6853,
    melts: [{ castNumber: 'M-1', kg: data.netWeightKg ?? 6853 }],
    ...data,
  })

export const coilMoved = (data: Partial<Data<'CoilMoved'>> = {}) =>
  fact('CoilMoved', { coil: 'AZ-1', from: 'B1', to: 'B1', ...data })
