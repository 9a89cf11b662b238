import { type CastCoil, castCoils } from '#domain/casting/decide/cast-coils'
import { castingRuns } from '#domain/casting/state'
import {
  alloyDefined,
  castingRunFinished,
  castingRunStarted,
  coilAnnounced,
  locationDefined,
  meltAddedToRun,
  meltAnalysed,
  meltRecorded,
  temperDefined,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'

const strip = {
  temper: 'F',
  gaugeMm: 7,
  widthMm: 1250,
  innerDiameterMm: 508,
  outerDiameterMm: 1695,
  netWeightKg: 6853,
  weighing: { by: 'scale', scale: 'CASTER' },
  location: 'B1',
  confirmed: false,
} as const
const coil = (number: string, more: Partial<CastCoil> = {}): CastCoil => ({ coil: number, ...strip, ...more })
const cast =
  (...told: CastCoil[]) =>
  (world: World) =>
    castCoils(world.get(castingRuns, 'RUN-1'), told, 'ALRO', world, world.given)

const caster = [castingRunStarted(), alloyDefined(), temperDefined('F'), locationDefined({ location: 'B1' })]
const melt = (castNumber: string) => [
  meltRecorded({ castNumber }),
  meltAnalysed({ castNumber }),
  meltAddedToRun({ castNumber }),
]
const running = [...caster, ...melt('M-1')]

describe('casting coils', () => {
  it('makes them of the run’s alloy and owner, all from its only melt, and stores them', () => {
    given(...running)
      .when(cast(coil('AZ-1')))
      .thenRecorded(
        { type: 'CoilCastInRun', data: { castingRun: 'RUN-1', coil: 'AZ-1', netWeightKg: 6853 } },
        {
          type: 'CoilCast',
          data: {
            coil: 'AZ-1',
            line: 'CAST-1',
            melts: [{ castNumber: 'M-1', kg: 6853 }],
            owner: 'AZAL',
            holder: 'ALRO',
            product: { form: 'coil', alloy: 'EN AW-8011A', temper: 'F', gaugeMm: 7, widthMm: 1250 },
            location: 'B1',
          },
        },
        { type: 'CoilStored', data: { coil: 'AZ-1', location: 'B1' } },
      )
  })

  it('may span two melts, whose kg sum to its weight', () => {
    const spanning = (...kgs: number[]) =>
      given(...running, ...melt('M-2')).when(
        cast(coil('AZ-1', { melts: kgs.map((kg, i) => ({ castNumber: `M-${i + 1}`, kg })) })),
      )
    spanning(6000, 853).thenRecorded(
      {
        type: 'CoilCastInRun',
        data: {
          melts: [
            { castNumber: 'M-1', kg: 6000 },
            { castNumber: 'M-2', kg: 853 },
          ],
        },
      },
      { type: 'CoilCast' },
      { type: 'CoilStored' },
    )
    spanning(6000, 800).thenRefused('melts-do-not-sum', { sum: 6800, netWeightKg: 6853 })
    given(...running, ...melt('M-2'))
      .when(cast(coil('AZ-1')))
      .thenRefused('melts-missing', { melts: ['M-1', 'M-2'] })
  })

  it('rule 4: is refused of no melt, of one not in the run, and of one named twice', () => {
    given(...caster)
      .when(cast(coil('AZ-1')))
      .thenRefusedBy('melts-missing')
    given(...running)
      .when(cast(coil('AZ-1', { melts: [{ castNumber: 'M-9', kg: 6853 }] })))
      .thenRefused('melt-not-in-run', { castNumber: 'M-9' })
    given(...running)
      .when(
        cast(
          coil('AZ-1', {
            melts: [
              { castNumber: 'M-1', kg: 6000 },
              { castNumber: 'M-1', kg: 853 },
            ],
          }),
        ),
      )
      .thenRefusedBy('melt-named-twice')
  })

  it('is refused of a melt that was not analysed, or whose last analysis nobody accepted', () => {
    given(...caster, meltRecorded(), meltAddedToRun())
      .when(cast(coil('AZ-1')))
      .thenRefusedBy('melt-not-analysed')
    const outside = [{ element: 'Cu', value: 0.2, max: 0.1 }]
    given(...running, meltAnalysed({ outside }))
      .when(cast(coil('AZ-1')))
      .thenRefusedBy('melt-not-analysed')
    given(...running, meltAnalysed({ outside, accepted: { reason: 'agreed', acceptedBy: 'Ana' } }))
      .when(cast(coil('AZ-1')))
      .thenRecorded({ type: 'CoilCastInRun' }, { type: 'CoilCast' }, { type: 'CoilStored' })
  })

  it('rule 1: is refused under a number used before, announced ones among them, or twice in one call', () => {
    given(...running, coilAnnounced({ coil: 'AZ-1' }))
      .when(cast(coil('AZ-1')))
      .thenRefused('coil-number-used', { coil: 'AZ-1' })
    given(...running)
      .when(cast(coil('AZ-1'), coil('AZ-2'), coil('AZ-1')))
      .thenRefused('coil-named-twice', { coil: 'AZ-1' })
  })

  it('rule 10: is refused when a weight does not fit the dimensions, unless confirmed', () => {
    given(...running)
      .when(cast(coil('AZ-1', { netWeightKg: 685 })))
      .thenRefusedBy('weight-implausible')
    given(...running)
      .when(cast(coil('AZ-1', { netWeightKg: 685, confirmed: true })))
      .thenRecorded({ type: 'CoilCastInRun' }, { type: 'CoilCast' }, { type: 'CoilStored' })
  })

  it('is refused where there is no room for all of them', () => {
    given(...running, locationDefined({ location: 'B2', capacityCoils: 1 }))
      .when(cast(coil('AZ-1', { location: 'B2' }), coil('AZ-2', { location: 'B2' })))
      .thenRefused('location-full', { coming: 2, capacityCoils: 1 })
  })

  it('tells all that is wrong with all of them at once, each by its field', () => {
    const { faults } = given(...running).when(
      cast(
        coil('AZ-1', { temper: 'H14', location: 'B9' }),
        coil('AZ-2', { grossWeightKg: 6000, outerDiameterMm: 510 }),
      ),
    )
    expect(faults.map(({ rule, field }) => [rule, field])).toEqual([
      ['unknown-temper', '/coils/0/temper'],
      ['gross-below-net', '/coils/1/grossWeightKg'],
      ['outer-diameter-too-small', '/coils/1/outerDiameterMm'],
      ['weight-implausible', '/coils/1/netWeightKg'],
      ['unknown-location', '/coils/0/location'],
    ])
  })

  it('is refused by a finished run', () => {
    given(...running, castingRunFinished())
      .when(cast(coil('AZ-1')))
      .thenRefusedBy('casting-run-finished')
  })
})
