import { coilProcessingStarted, lineDefined, processOrderPlanned } from '#test/support/facts'
import { given } from '#test/support/given'
import { mother, planned, planning, plant, strip } from '#test/support/processing'

const other = mother({ coil: 'AZ-2' })

describe('planning work on a line', () => {
  it('notes the coils and takes nothing from anybody', () => {
    given(...plant, mother())
      .when(planning({ planned: [{ widthMm: 410, pieces: 3 }] }))
      .thenRecorded({ type: 'ProcessOrderPlanned', data: { processOrder: 'PO-1', step: 'slit', inputs: ['AZ-1'] } })
  })

  it('takes coils that are planned elsewhere, held, on another line or still expected: the start is binding', () => {
    given(
      ...planned('slit', [mother()]),
      coilProcessingStarted(),
      { type: 'CoilHeld', data: { coil: 'AZ-1', hold: 'h', reason: 'surface' } },
      { type: 'CoilAnnounced', data: { ...announced, coil: 'AZ-3' } },
    )
      .when(planning({ processOrder: 'PO-2', inputs: ['AZ-1', 'AZ-3'] }))
      .thenRecorded({ type: 'ProcessOrderPlanned', data: { processOrder: 'PO-2' } })
  })

  it('is refused for what can never be, all said at once', () => {
    given(
      ...plant,
      lineDefined({ line: 'S-1', steps: ['slit'] }),
      mother(),
      { type: 'CoilRejected', data: { coil: 'AZ-1', reason: 'cracks' } },
      other,
      {
        type: 'CoilScrapped',
        data: { coil: 'AZ-2', netWeightKg: 10_000, owner: 'AZAL', kind: 'process-scrap', reason: 'cut up' },
      },
      processOrderPlanned(),
    )
      .when(planning({ line: 'S-1', step: 'roll', inputs: ['AZ-1', 'AZ-1', 'AZ-2'] }))
      .thenRefusedBy(
        'process-order-number-used',
        'line-cannot-do-step',
        'coil-rejected',
        'coil-rejected',
        'coil-named-twice',
        'coil-gone',
      )
  })

  it('sends a rejected coil to remelting', () => {
    given(...plant, mother(), { type: 'CoilRejected', data: { coil: 'AZ-1', reason: 'cracks' } })
      .when(planning({ step: 'remelt' }))
      .thenRecorded({ type: 'ProcessOrderPlanned' })
  })

  it('is refused for a join of one coil, and for sheets on a mill', () => {
    given(...plant, mother())
      .when(planning({ step: 'join' }))
      .thenRefusedBy('join-needs-two')
    given(...plant, mother({ product: { ...strip(), form: 'pack', lengthMm: 2000, sheets: 100 } }))
      .when(planning({ step: 'roll' }))
      .thenRefused('sheets-not-strip', { coil: 'AZ-1' })
  })

  it('rule 6: is refused when no coil could give what is planned', () => {
    const plan = (
      step: 'slit' | 'roll' | 'coat',
      ...outputs: { widthMm?: number; gaugeMm?: number; pieces?: number }[]
    ) => given(...plant, mother()).when(planning({ step, planned: outputs }))
    plan('slit', { widthMm: 500, pieces: 3 }).thenRefused('widths-exceed-mother', { plannedMm: 1500, widthMm: 1250 })
    plan('roll', { gaugeMm: 7 }).thenRefused('not-thinner', { motherGaugeMm: 7 })
    plan('slit', { gaugeMm: 7.5 }).thenRefusedBy('thicker-than-mother')
    plan('coat', { gaugeMm: 7.05 }).thenRecorded({ type: 'ProcessOrderPlanned' })
  })

  it('rule 7: inputs share owner and alloy, unless the order says otherwise and why', () => {
    const foreign = mother({ coil: 'AZ-2', owner: 'ALRO', product: strip({ alloy: 'EN AW-1050A' }) })
    const inputs = ['AZ-1', 'AZ-2']
    given(...plant, mother(), foreign)
      .when(planning({ inputs }))
      .thenRefusedBy('owners-differ', 'alloys-differ')
    given(...plant, mother(), foreign)
      .when(planning({ inputs, step: 'anneal', mixed: { reason: 'one furnace charge' } }))
      .thenRecorded({ type: 'ProcessOrderPlanned', data: { mixed: { reason: 'one furnace charge' } } })
  })
})

const announced = {
  packingList: 'PL-1',
  supplier: 'AZAL',
  owner: 'AZAL',
  castNumber: 'G26-3107',
  product: strip(),
  netWeightKg: 9000,
}
