import fc from 'fast-check'
import { coils } from '#domain/coil/state'
import { outerDiameterMm } from '#domain/mass'
import { plants } from '#domain/plant/state'
import {
  alloyDefined,
  castStrip,
  coilAnnounced,
  coilReceived,
  coilStored,
  locationDefined,
  partnerRegistered,
  plantConfigured,
  temperDefined,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'
import type { Arrival } from '../facts.js'
import { acceptDifference } from './accept-difference.js'
import { receiveCoils } from './receive-coils.js'

const arrival = (told: Partial<Arrival> = {}): Arrival => ({
  coil: 'AZ-1',
  location: 'B1',
  weighing: { by: 'declared' },
  ...told,
})
const told = { supplier: 'AZAL', owner: 'AZAL', castNumber: 'G26-3107', product: castStrip, netWeightKg: 6853 }
const onScale = { by: 'scale', scale: 'GATE-1' } as const

const receive =
  (...arrivals: Arrival[]) =>
  (world: World) =>
    receiveCoils(arrivals, world.get(plants, 'main'), world, world.given.now)

const plant = [plantConfigured(), partnerRegistered(), locationDefined(), alloyDefined(), temperDefined('F')]

describe('receiving coils', () => {
  it('takes an announced coil as announced, into the plant’s hands', () => {
    given(...plant, coilAnnounced({ agreement: 'TOLL-1', producedOn: '2026-11-03' }))
      .when(receive(arrival()))
      .thenRecorded(
        {
          type: 'CoilReceived',
          data: {
            announced: true,
            owner: 'AZAL',
            holder: 'ALRO',
            agreement: 'TOLL-1',
            producedOn: '2026-11-03',
            netWeightKg: 6853,
            grossWeightKg: 6911,
            weighing: { by: 'declared' },
            difference: { announcedKg: 6853, differenceKg: 0, beyondTolerance: false },
          },
        },
        { type: 'CoilStored', data: { location: 'B1', coil: 'AZ-1' } },
      )
  })

  it('takes a coil that nobody announced, told in full', () => {
    given(...plant)
      .when(receive(arrival({ ...told, weighing: onScale })))
      .thenRecorded(
        { type: 'CoilReceived', data: { announced: false, ...told, weighing: onScale } },
        { type: 'CoilStored' },
      )
    const { facts } = given(...plant).when(receive(arrival(told)))
    expect(facts[0]!.data).not.toHaveProperty('difference')
  })

  it('rule 1: a number is received once, whatever became of the coil, and named once', () => {
    given(...plant, coilReceived())
      .when(receive(arrival(told)))
      .thenRefused('coil-number-used', { coil: 'AZ-1', physical: 'in-stock' })
    given(...plant, coilAnnounced(), coilReceived())
      .when(receive(arrival()))
      .thenRefusedBy('coil-number-used')
    given(...plant, coilAnnounced())
      .when(receive(arrival(), arrival()))
      .thenRefusedBy('coil-named-twice')
  })

  it('rule 4: an unannounced coil must declare its supplier melt, and all else that it is', () => {
    const outcome = given(...plant).when(receive(arrival()))
    outcome.thenRefusedBy(...Array(5).fill('unannounced-coil-incomplete'))
  })

  it('rule 10: a weight that does not fit the dimensions must be confirmed', () => {
    given(...plant, coilAnnounced())
      .when(receive(arrival({ netWeightKg: 3426, weighing: onScale })))
      .thenRefused('weight-implausible', { netWeightKg: 3426 })
    given(...plant, coilAnnounced())
      .when(receive(arrival({ netWeightKg: 3426, weighing: onScale, confirmed: true })))
      .thenRecorded({ type: 'CoilReceived', data: { netWeightKg: 3426 } }, { type: 'CoilStored' })
  })

  it('finds the weight of any solid coil plausible, and half of it or one and a half never', () => {
    const width = fc.integer({ min: 200, max: 2000 })
    fc.assert(
      fc.property(width, fc.integer({ min: 500, max: 20_000 }), (widthMm, netWeightKg) => {
        const outer = outerDiameterMm(netWeightKg, widthMm, 508)
        fc.pre(outer <= 3000 && outer >= 530)
        const product = { ...castStrip, widthMm, outerDiameterMm: outer }
        const weigh = (kg: number) =>
          given(...plant).when(receive(arrival({ ...told, product, netWeightKg: Math.round(kg) })))
        weigh(netWeightKg).thenRecorded({ type: 'CoilReceived' }, { type: 'CoilStored' })
        weigh(netWeightKg / 2).thenRefusedBy('weight-implausible')
        weigh(netWeightKg * 1.5).thenRefusedBy('weight-implausible')
      }),
    )
  })

  it('puts no more coils into a bay than there is room for, counting those that come together', () => {
    const bay = locationDefined({ location: 'B2', capacityCoils: 2 })
    const two = [coilAnnounced({ coil: 'AZ-1' }), coilAnnounced({ coil: 'AZ-2' })]
    const both = receive(arrival({ location: 'B2' }), arrival({ coil: 'AZ-2', location: 'B2' }))
    given(...plant, bay, ...two)
      .when(both)
      .thenRecorded(
        ...Array(2)
          .fill([{ type: 'CoilReceived' }, { type: 'CoilStored' }])
          .flat(),
      )
    given(...plant, bay, ...two, coilStored('AZ-9', 'B2'))
      .when(both)
      .thenRefused('location-full', { occupied: 1, coming: 2, capacityCoils: 2 })
  })

  it('does not let the gate say otherwise than the announcement', () => {
    given(...plant, coilAnnounced())
      .when(receive(arrival({ owner: 'ALRO', castNumber: 'G26-3107', product: { ...castStrip, gaugeMm: 6.5 } })))
      .thenRefusedBy('differs-from-announcement', 'differs-from-announcement')
    given(...plant, coilAnnounced())
      .when(receive(arrival({ deliveryNote: 'DN-1', castNumber: 'G26-3107', product: castStrip })))
      .thenRecorded({ type: 'CoilReceived', data: { deliveryNote: 'DN-1' } }, { type: 'CoilStored' })
  })

  it('names everything that is wrong with every coil at once', () => {
    given(...plant, coilAnnounced())
      .when(
        receive(
          arrival({ grossWeightKg: 6000, location: 'NOWHERE' }),
          arrival({
            coil: 'AZ-2',
            ...told,
            supplier: 'ALRO',
            owner: 'AZAL',
            product: { ...castStrip, alloy: 'EN AW-9999' },
          }),
          arrival({ coil: 'AZ-3', ...told, product: { ...castStrip, temper: 'H99', outerDiameterMm: 508 } }),
        ),
      )
      .thenRefusedBy(
        'gross-below-net',
        'unknown-location',
        'unknown-partner',
        'unknown-alloy',
        'unknown-temper',
        'outer-diameter-too-small',
        'weight-implausible',
      )
  })

  it('rule 9: takes no coil that is still to be produced, by the day in the plant', () => {
    const produced = (producedOn: string, now: string) =>
      given(...plant).when((world) =>
        receiveCoils([arrival({ ...told, producedOn })], world.get(plants, 'main'), world, new Date(now)),
      )
    produced('2026-11-11', '2026-11-10T12:00:00Z').thenRefused('produced-in-the-future', { today: '2026-11-10' })
    // It is past midnight in Bucharest already.
    produced('2026-11-11', '2026-11-10T22:30:00Z').thenRecorded({ type: 'CoilReceived' }, { type: 'CoilStored' })
  })

  it('takes metal from suppliers for owners only', () => {
    given(...plant, partnerRegistered({ partner: 'METALCO', roles: ['customer'] }))
      .when(receive(arrival({ ...told, supplier: 'METALCO', owner: 'METALCO' })))
      .thenRefusedBy('partner-not-supplier', 'partner-not-owner')
  })
})

describe('a difference between announced and received weight', () => {
  // The larger of 20 kg and 0.5 % of 6,853 kg: 34.265 kg.
  const weighed = (kg: number) =>
    given(...plant, coilAnnounced()).when(receive(arrival({ netWeightKg: kg, weighing: onScale })))

  it.each([
    [6853 + 34, false],
    [6853 - 34, false],
    [6853 + 35, true],
    [6853 - 35, true],
  ])('of %i kg against 6853 is beyond tolerance: %s', (kg, beyondTolerance) => {
    weighed(kg).thenRecorded(
      { type: 'CoilReceived', data: { difference: { differenceKg: kg - 6853, beyondTolerance } } },
      { type: 'CoilStored' },
    )
  })

  it('waits for somebody to accept it, once', () => {
    const received = weighed(6700).facts[0]!
    const accept = (world: World) => acceptDifference(world.get(coils, 'AZ-1'), 'wet packing', world.given)
    const accepted = {
      type: 'WeightDifferenceAccepted',
      data: { differenceKg: -153, acceptedBy: 'Ana Popescu' },
    } as const
    const outcome = given(coilAnnounced(), received).when(accept)
    outcome.thenRecorded(accepted)
    given(coilAnnounced(), received, ...outcome.facts)
      .when(accept)
      .thenRefusedBy('no-open-difference')
    given(coilAnnounced(), weighed(6860).facts[0]!).when(accept).thenRefusedBy('no-open-difference')
  })
})
