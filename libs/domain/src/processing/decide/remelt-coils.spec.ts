import { given } from '#test/support/given'
import { completing, mother, started } from '#test/support/processing'

const two = [mother({ netWeightKg: 6000 }), mother({ coil: 'AZ-2', netWeightKg: 3000 })]

describe('remelting', () => {
  it('ends coils in one melt, in proportion', () => {
    given(...started('remelt', two))
      .when(completing({ melt: { castNumber: 'M-1', netWeightKg: 8820, furnace: 'F2' }, lossKg: 180 }))
      .thenRecorded(
        {
          type: 'ProcessOrderCompleted',
          data: { outputs: [], melt: { castNumber: 'M-1', kg: 8820 }, balance: { outKg: 8820, lossKg: 180 } },
        },
        {
          type: 'MeltRecorded',
          data: {
            castNumber: 'M-1',
            alloy: 'EN AW-8011A',
            owner: 'AZAL',
            origin: 'remelt',
            netWeightKg: 8820,
            furnace: 'F2',
            from: [
              { coil: 'AZ-1', kg: 5880 },
              { coil: 'AZ-2', kg: 2940 },
            ],
          },
        },
        {
          type: 'CoilConsumed',
          data: { coil: 'AZ-1', into: [], intoMelt: { castNumber: 'M-1', kg: 5880 }, lossKg: 120 },
        },
        { type: 'CoilConsumed', data: { coil: 'AZ-2', intoMelt: { kg: 2940 }, lossKg: 60, differenceKg: 0 } },
      )
  })

  it('takes loose scrap with the coils, which bears its part of the dross', () => {
    const { facts } = given(...started('remelt', two)).when(
      completing({ melt: { castNumber: 'M-1', netWeightKg: 9800, scrapChargedKg: 1000 }, lossKg: 200 }),
    )
    expect(facts[0]!.data).toMatchObject({
      balance: { inKg: 10_000, outKg: 9800, lossKg: 200, differenceKg: 0 },
      melt: { scrapChargedKg: 1000 },
    })
    expect(facts[1]!.data).toMatchObject({ scrapChargedKg: 1000, from: [{ kg: 5880 }, { kg: 2940 }] })
    expect(facts[2]!.data).toMatchObject({ lossKg: 120, differenceKg: 0 })
  })

  it('rule 1: is refused under a cast number that is taken, and without a melt', () => {
    given(...started('remelt', two), {
      type: 'MeltRecorded',
      data: { castNumber: 'M-1', alloy: 'EN AW-8011A', owner: 'AZAL', origin: 'furnace', netWeightKg: 9000, from: [] },
    })
      .when(completing({ melt: { castNumber: 'M-1', netWeightKg: 9000 } }))
      .thenRefused('cast-number-used', { castNumber: 'M-1' })
    given(...started('remelt', two))
      .when(completing({ scrapKg: 9000 }))
      .thenRefusedBy('melt-missing')
  })

  it('rule 7: of two owners goes to the one that a mixed order names, by an event', () => {
    const both = [mother({ netWeightKg: 6000 }), mother({ coil: 'AZ-2', netWeightKg: 3000, owner: 'ALRO' })]
    const melt = { castNumber: 'M-1', netWeightKg: 9000 }
    given(...started('remelt', both))
      .when(completing({ melt }))
      .thenRefusedBy('owners-differ')
    const mixed = { reason: 'settled between them' }
    given(...started('remelt', both, mixed))
      .when(completing({ melt }))
      .thenRefusedBy('owner-missing')
    given(...started('remelt', both, mixed))
      .when(completing({ melt: { ...melt, owner: 'AZAL' } }))
      .thenRecorded(
        { type: 'ProcessOrderCompleted' },
        { type: 'MeltRecorded', data: { owner: 'AZAL' } },
        { type: 'CoilConsumed', data: { owner: 'AZAL' } },
        { type: 'TitleTransferred', data: { coil: 'AZ-2', from: 'ALRO', to: 'AZAL' } },
        { type: 'CoilConsumed', data: { coil: 'AZ-2', owner: 'AZAL' } },
      )
  })
})
