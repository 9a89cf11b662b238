import { coils } from '#domain/coil/state'
import { locations } from '#domain/plant/state'
import { coilAnnounced, coilHeld, coilReceived, coilStored, locationDefined } from '#test/support/facts'
import { given } from '#test/support/given'
import { moveCoil } from './move-coil.js'

const move = (coil: string, to: string) => (world: Parameters<Parameters<ReturnType<typeof given>['when']>[0]>[0]) =>
  moveCoil(world.get(coils, coil), world.get(locations, to))

describe('moving a coil', () => {
  it('takes it from one place and stores it in another', () => {
    given(coilReceived({ coil: 'AZ-1', location: 'B1' }), locationDefined({ location: 'B2' }))
      .when(move('AZ-1', 'B2'))
      .thenRecorded(
        { type: 'CoilMoved', data: { coil: 'AZ-1', from: 'B1', to: 'B2' } },
        { type: 'CoilTaken', data: { coil: 'AZ-1', location: 'B1' } },
        { type: 'CoilStored', data: { coil: 'AZ-1', location: 'B2' } },
      )
  })

  it('is allowed for a held coil, which must get to quarantine somehow', () => {
    given(coilReceived(), coilHeld(), locationDefined({ location: 'Q' }))
      .when(move('AZ-1', 'Q'))
      .thenRecorded({ type: 'CoilMoved' }, { type: 'CoilTaken' }, { type: 'CoilStored' })
  })

  it('is refused into a full bay, before the coil has arrived, and to where it is, all said at once', () => {
    given(coilAnnounced(), locationDefined({ location: 'B2', capacityCoils: 1 }), coilStored('AZ-9', 'B2'))
      .when(move('AZ-1', 'B2'))
      .thenRefusedBy('coil-not-in-stock', 'location-full')
    given(coilReceived({ location: 'B1' }), locationDefined({ location: 'B1' }))
      .when(move('AZ-1', 'B1'))
      .thenRefused('coil-already-there', { coil: 'AZ-1', location: 'B1' })
  })
})
