import { analyseMelt } from '#domain/melt/decide/analyse-melt'
import { melts } from '#domain/melt/state'
import { alloys, partners } from '#domain/plant/state'
import { alloyDefined, meltAnalysed, meltRecorded, partnerRegistered } from '#test/support/facts'
import { given, type World } from '#test/support/given'

const world = [
  alloyDefined({
    alloy: 'EN AW-8011A',
    limits: {
      Si: { min: 0.4, max: 0.8 },
      Fe: { min: 0.5, max: 1 },
      Cu: { max: 0.1 },
      OthersEach: { max: 0.05 },
      OthersTotal: { max: 0.15 },
    },
  }),
  partnerRegistered({ partner: 'AZAL' }),
]
const good = { Si: 0.62, Fe: 0.78, Cu: 0.02 }

const analyse =
  (elements: Record<string, number>, more: Partial<Parameters<typeof analyseMelt>[0]> = {}) =>
  (world: World) =>
    analyseMelt(
      { castNumber: 'M-1', elements, ...more },
      world.find(melts, 'M-1'),
      world.get(alloys, 'EN AW-8011A'),
      world.get(partners, 'AZAL'),
      world.given,
    )

describe('analysing a melt', () => {
  it('within its alloy’s limits makes it good to cast', () => {
    const { facts, thenRecorded } = given(...world, meltRecorded()).when(analyse(good))
    thenRecorded({
      type: 'MeltAnalysed',
      data: { castNumber: 'M-1', alloy: 'EN AW-8011A', elements: good, outside: [] },
    })
    given(meltRecorded(), ...facts)
      .when((world) => {
        expect(world.get(melts, 'M-1').castable).toBe(true)
        return []
      })
      .thenRecorded()
  })

  it('outside the limits is refused, element by element', () => {
    given(...world, meltRecorded())
      .when(analyse({ Si: 0.39, Fe: 1.01, Cu: 0.1 }))
      .thenRefusedBy('analysis-outside-limits', 'analysis-outside-limits')
    given(...world, meltRecorded())
      .when(analyse({ ...good, Si: 0.39 }))
      .thenRefused('analysis-outside-limits', { element: 'Si', value: 0.39, min: 0.4, max: 0.8 })
  })

  it('outside the limits is taken with a reason, which is kept with who accepted it', () => {
    given(...world, meltRecorded())
      .when(analyse({ ...good, Cu: 0.12 }, { accepted: { reason: 'the customer agreed' } }))
      .thenRecorded({
        type: 'MeltAnalysed',
        data: {
          outside: [{ element: 'Cu', value: 0.12, max: 0.1 }],
          accepted: { reason: 'the customer agreed', acceptedBy: 'Ana Popescu' },
        },
      })
  })

  it('within the limits needs nobody to accept it, even if somebody does', () => {
    const { facts } = given(...world, meltRecorded()).when(analyse(good, { accepted: { reason: 'to be sure' } }))
    expect(facts[0]!.data).not.toHaveProperty('accepted')
  })

  it('counts elements that the alloy does not name as others, each and in total; aluminium is what remains', () => {
    const judge = (elements: Record<string, number>) =>
      given(...world, meltRecorded()).when(analyse({ ...good, ...elements }))
    judge({ Al: 98.4, V: 0.05, Ga: 0.05, Ti: 0.05 }).thenRecorded({ type: 'MeltAnalysed' })
    judge({ V: 0.06 }).thenRefused('analysis-outside-limits', { element: 'V', max: 0.05 })
    judge({ V: 0.05, Ga: 0.05, Ti: 0.05, Ni: 0.01 }).thenRefused('analysis-outside-limits', {
      element: 'OthersTotal',
      value: 0.16,
      max: 0.15,
    })
    judge({ OthersTotal: 0.2 }).thenRefused('analysis-outside-limits', { element: 'OthersTotal', value: 0.2 })
    judge({ OthersEach: 0.06 }).thenRefused('analysis-outside-limits', { element: 'OthersEach' })
  })

  it('is refused when it leaves out what the alloy limits, or tells more than there is', () => {
    given(...world, meltRecorded())
      .when(analyse({ Si: 0.6 }))
      .thenRefused('analysis-incomplete', { missing: ['Fe', 'Cu'] })
    given(...world, meltRecorded())
      .when(analyse({ ...good, Al: 99.9 }))
      .thenRefused('analysis-above-100-percent')
  })

  it('may be done again; the last one counts', () => {
    const again = given(...world, meltRecorded(), meltAnalysed()).when(analyse({ ...good, Si: 0.7 }))
    again.thenRecorded({ type: 'MeltAnalysed', data: { elements: { Si: 0.7 } } })
  })

  it('rule 4: of an unknown cast number declares a supplier’s melt, where ancestries may end', () => {
    given(...world)
      .when(analyse(good, { alloy: 'EN AW-8011A', owner: 'AZAL' }))
      .thenRecorded(
        { type: 'MeltRecorded', data: { castNumber: 'M-1', origin: 'supplier', alloy: 'EN AW-8011A', owner: 'AZAL' } },
        { type: 'MeltAnalysed' },
      )
    given(alloyDefined(), partnerRegistered({ roles: ['customer'] }))
      .when(analyse(good, { alloy: 'EN AW-8011A', owner: 'AZAL' }))
      .thenRefusedBy('partner-owns-no-metal')
  })

  it('is refused when it says another alloy or owner than the melt has', () => {
    given(...world, meltRecorded({ alloy: 'EN AW-8011A', owner: 'AZAL' }))
      .when(analyse(good, { alloy: 'EN AW-1050A', owner: 'ALRO' }))
      .thenRefusedBy('melt-alloy-differs', 'melt-owner-differs')
  })
})
