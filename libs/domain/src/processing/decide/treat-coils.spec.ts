import { coilHeld } from '#test/support/facts'
import { given } from '#test/support/given'
import { completing, mother, started } from '#test/support/processing'

const two = [mother(), mother({ coil: 'AZ-2', netWeightKg: 8000 })]

describe('annealing and homogenising', () => {
  it('gives back the same coils with their new temper, and what the furnace took', () => {
    given(...started('anneal', two))
      .when(
        completing({
          results: [
            { coil: 'AZ-2', temper: 'O', location: 'B1' },
            { coil: 'AZ-1', temper: 'O', netWeightKg: 9985, location: 'B2' },
          ],
          lossKg: 10,
        }),
      )
      .thenRecorded(
        {
          type: 'ProcessOrderCompleted',
          data: {
            outputs: [
              { coil: 'AZ-1', kg: 9985, product: { temper: 'O' }, remnant: false },
              { coil: 'AZ-2', kg: 8000 },
            ],
            balance: { inKg: 18_000, outKg: 17_985, scrapKg: 0, lossKg: 10, differenceKg: 5 },
          },
        },
        {
          type: 'CoilTreated',
          data: {
            coil: 'AZ-1',
            previousTemper: 'F',
            temper: 'O',
            previousNetWeightKg: 10_000,
            netWeightKg: 9985,
            lossKg: 10,
            differenceKg: 5,
            location: 'B2',
          },
        },
        { type: 'CoilStored', data: { coil: 'AZ-1', location: 'B2' } },
        { type: 'CoilTreated', data: { coil: 'AZ-2', netWeightKg: 8000, lossKg: 0, differenceKg: 0 } },
        { type: 'CoilStored', data: { coil: 'AZ-2', location: 'B1' } },
      )
  })

  it('wants a result for every coil of the order once, and for no other; with a temper that is known', () => {
    given(...started('homogenise', two))
      .when(
        completing({
          results: [
            { coil: 'AZ-1', location: 'B1', temper: 'H99' },
            { coil: 'AZ-1', location: 'B1' },
            { coil: 'AZ-9', location: 'B1' },
          ],
        }),
      )
      .thenRefusedBy('unknown-temper', 'coil-named-twice', 'coil-not-in-order', 'result-missing')
  })

  it('rule 5: one coil’s gain does not hide another’s loss', () => {
    given(...started('anneal', two))
      .when(
        completing({
          results: [
            { coil: 'AZ-1', netWeightKg: 8000, location: 'B1' },
            { coil: 'AZ-2', netWeightKg: 10_000, location: 'B1' },
          ],
        }),
      )
      .thenRefusedBy('mass-out-of-balance', 'mass-out-of-balance')
  })

  it('makes no scrap, and leaves a hold where it is', () => {
    const results = [{ coil: 'AZ-1', location: 'B1' }]
    given(...started('anneal'))
      .when(completing({ results, scrapKg: 5 }))
      .thenRefusedBy('treatment-makes-no-scrap')
    given(...started('anneal'), coilHeld())
      .when(completing({ results }))
      .thenRecorded({ type: 'ProcessOrderCompleted' }, { type: 'CoilTreated' }, { type: 'CoilStored' })
  })
})
