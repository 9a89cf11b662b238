import { example } from '#test/support/every-fact'
import { coilReceived } from '#test/support/facts'
import { life, seeded } from '#test/support/lives'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'
import { balanceAnswer } from './balance.js'

const AT = '2026-11-07T08:00:00Z'

let plant: ReadSide
beforeEach(async () => {
  plant = await readSide(InventoryModule)
})
afterEach(() => plant.close())

const books = async () => balanceAnswer.parse(await plant.ask('/api/balance'))

describe('The books of the plant’s metal', () => {
  it('are balanced to the gram for every owner, whatever coils lived through', async () => {
    const random = seeded(42)
    const lives = Array.from({ length: 300 }, (_, n) => life(`C-${n}`, random, Math.floor(random() * 25), AT))
    await plant.happened(AT, ...lives.flatMap(({ facts }) => facts))
    const { owners, plant: whole } = await books()
    expect(owners.map(({ owner }) => owner)).toEqual(['ALRO', 'AZAL', 'VIMETCO'])
    for (const account of [...owners, whole]) expect(account.unbalancedKg).toBe(0)
    const sum = (field: 'scrapKg' | 'lossKg' | 'dispatchedKg' | 'adjustmentKg' | 'differenceKg' | 'initialWeightKg') =>
      lives.reduce((kg, { row }) => kg + row[field], 0)
    expect(whole).toMatchObject({
      scrapKg: sum('scrapKg'),
      lossKg: sum('lossKg'),
      dispatchedKg: sum('dispatchedKg'),
      adjustmentKg: sum('adjustmentKg'),
      differenceKg: sum('differenceKg'),
      onHandKg: lives.reduce((kg, { row }) => kg + (row.onHand ? row.netWeightKg : 0), 0),
    })
    expect(whole.receivedKg + whole.castKg + whole.producedKg).toBe(sum('initialWeightKg'))
    expect(whole.titleInKg).toBe(whole.titleOutKg)
  })

  it('tell where metal went: a received coil, slit, one child sold and come back lighter', async () => {
    await plant.happened(
      AT,
      coilReceived({ netWeightKg: 6853 }),
      example('CoilConsumed'),
      example('CoilProduced'),
      example('CoilProduced', { coil: 'AZ-1-B', from: [{ coil: 'AZ-1', kg: 3400 }] }),
      example('CoilSold', { coil: 'AZ-1-A', netWeightKg: 3400 }),
      example('CoilDispatched', { coil: 'AZ-1-A', netWeightKg: 3400 }),
      example('CoilReturned', { coil: 'AZ-1-A', netWeightKg: 3400 }),
      example('CoilWeighed', { coil: 'AZ-1-A', previousNetWeightKg: 3400, netWeightKg: 3390, adjustmentKg: -10 }),
      example('TitleTransferred', { coil: 'AZ-1-A' }),
    )
    const { owners, plant: whole } = await books()
    expect(whole).toMatchObject({
      ...{ receivedKg: 6853, producedKg: 6800, processedKg: 6800, scrapKg: 50, differenceKg: 3, adjustmentKg: -10 },
      ...{ dispatchedKg: 3400, returnedKg: 3400, soldKg: 0, onHandKg: 6790, coilsOnHand: 2, unbalancedKg: 0 },
    })
    expect(owners).toMatchObject([
      { owner: 'ALRO', titleInKg: 3390, onHandKg: 3390, unbalancedKg: 0 },
      { owner: 'AZAL', titleOutKg: 3390, onHandKg: 3400, unbalancedKg: 0 },
    ])
  })
})
