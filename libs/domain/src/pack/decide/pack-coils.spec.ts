import { coils } from '#domain/coil/state'
import { movePack } from '#domain/pack/decide/move-pack'
import { openPack } from '#domain/pack/decide/open-pack'
import { packCoils } from '#domain/pack/decide/pack-coils'
import { packs } from '#domain/pack/state'
import { locations } from '#domain/plant/state'
import {
  coilDispatched,
  coilHeld,
  coilPacked,
  coilReceived,
  coilRejected,
  coilReserved,
  coilSold,
  coilStored,
  locationDefined,
  packMade,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'

const pack =
  (...numbers: string[]) =>
  (world: World) =>
    packCoils(
      'PACK-1',
      world.find(packs, 'PACK-1'),
      numbers.map((number) => world.get(coils, number)),
    )
const packed = (world: World) => world.get(packs, 'PACK-1').coils.map((number) => world.get(coils, number))
const unpack = (world: World) => openPack(world.get(packs, 'PACK-1'), packed(world), 'relabel')
const move = (to: string) => (world: World) =>
  movePack(world.get(packs, 'PACK-1'), packed(world), world.get(locations, to))

const both = [coilReceived({ coil: 'AZ-1' }), coilReceived({ coil: 'AZ-2' })]
const skid = [
  ...both,
  packMade({ coils: ['AZ-1', 'AZ-2'] }),
  coilPacked({ coil: 'AZ-1', with: ['AZ-2'] }),
  coilPacked({ coil: 'AZ-2', with: ['AZ-1'] }),
]

describe('packing coils', () => {
  it('bundles them on one skid; each knows the others', () => {
    given(...both)
      .when(pack('AZ-1', 'AZ-2'))
      .thenRecorded(
        { type: 'PackMade', data: { pack: 'PACK-1', coils: ['AZ-1', 'AZ-2'], location: 'B1' } },
        { type: 'CoilPacked', data: { coil: 'AZ-1', with: ['AZ-2'] } },
        { type: 'CoilPacked', data: { coil: 'AZ-2', with: ['AZ-1'] } },
      )
  })

  it('is how reserved and sold coils leave', () => {
    given(coilReceived(), coilReserved()).when(pack('AZ-1')).thenRecorded({ type: 'PackMade' }, { type: 'CoilPacked' })
    given(coilReceived(), coilSold()).when(pack('AZ-1')).thenRecorded({ type: 'PackMade' }, { type: 'CoilPacked' })
  })

  it('is refused for coils in several places, and for one named twice', () => {
    given(coilReceived(), coilReceived({ coil: 'AZ-2', location: 'B2' }))
      .when(pack('AZ-1', 'AZ-2', 'AZ-1'))
      .thenRefusedBy('not-in-one-place', 'coil-named-twice')
  })

  it('rule 2: is refused for held coils, and for rejected and packed ones, all said at once', () => {
    given(
      coilReceived(),
      coilHeld(),
      coilReceived({ coil: 'AZ-2' }),
      coilRejected('AZ-2'),
      coilReceived({ coil: 'AZ-3' }),
      coilPacked({ coil: 'AZ-3', pack: 'PACK-9' }),
    )
      .when(pack('AZ-1', 'AZ-2', 'AZ-3'))
      .thenRefusedBy('coil-on-hold', 'coil-rejected', 'coil-not-in-stock')
  })

  it('is refused under a number that was used before', () => {
    given(coilReceived(), packMade({ coils: ['AZ-9'] }))
      .when(pack('AZ-1'))
      .thenRefusedBy('pack-number-used')
  })
})

describe('unpacking', () => {
  it('puts each coil back by itself', () => {
    given(...skid)
      .when(unpack)
      .thenRecorded(
        { type: 'PackOpened', data: { coils: ['AZ-1', 'AZ-2'], reason: 'relabel' } },
        { type: 'CoilUnpacked', data: { coil: 'AZ-1', pack: 'PACK-1' } },
        { type: 'CoilUnpacked', data: { coil: 'AZ-2', pack: 'PACK-1' } },
      )
  })

  it('takes only what is still in it, and is refused when all have left or it was opened before', () => {
    given(...skid, coilDispatched({ coil: 'AZ-1' }))
      .when(unpack)
      .thenRecorded({ type: 'PackOpened', data: { coils: ['AZ-2'] } }, { type: 'CoilUnpacked', data: { coil: 'AZ-2' } })
    given(...skid, coilDispatched({ coil: 'AZ-1' }), coilDispatched({ coil: 'AZ-2' }))
      .when(unpack)
      .thenRefusedBy('pack-gone')
    const { facts } = given(...skid).when(unpack)
    given(...skid, ...facts)
      .when(unpack)
      .thenRefusedBy('pack-opened')
  })
})

describe('moving a pack', () => {
  it('moves every coil in it', () => {
    given(...skid, locationDefined({ location: 'B2', capacityCoils: 2 }))
      .when(move('B2'))
      .thenRecorded(
        { type: 'PackMoved', data: { coils: ['AZ-1', 'AZ-2'], from: 'B1', to: 'B2' } },
        { type: 'CoilMoved', data: { coil: 'AZ-1', to: 'B2' } },
        { type: 'CoilTaken' },
        { type: 'CoilStored' },
        { type: 'CoilMoved', data: { coil: 'AZ-2', to: 'B2' } },
        { type: 'CoilTaken' },
        { type: 'CoilStored' },
      )
  })

  it('is refused where there is no room for all of it, and to where it is', () => {
    given(...skid, locationDefined({ location: 'B2', capacityCoils: 2 }), coilStored('AZ-9', 'B2'))
      .when(move('B2'))
      .thenRefused('location-full', { coming: 2 })
    given(...skid, locationDefined({ location: 'B1' }))
      .when(move('B1'))
      .thenRefusedBy('pack-already-there')
  })
})
