import { locations } from '#domain/plant/state'
import { coilStored, locationDefined } from '#test/support/facts'
import { given, type World } from '#test/support/given'
import { defineLocation } from './define-location.js'

const define =
  (capacityCoils: number | null, name = 'Bay 1') =>
  (world: World) =>
    defineLocation({ location: 'B1', name, kind: 'bay', capacityCoils }, world.find(locations, 'B1'))

describe('defining a place', () => {
  it('defines it, changes it, and says nothing when nothing is new, however many coils lie there', () => {
    given()
      .when(define(2))
      .thenRecorded({ type: 'LocationDefined', data: { location: 'B1', capacityCoils: 2 } })
    given(locationDefined(), coilStored()).when(define(null)).thenRecorded()
    given(locationDefined(), coilStored())
      .when(define(1))
      .thenRecorded({ type: 'LocationChanged', data: { capacityCoils: 1 } })
    given(locationDefined()).when(define(null, 'North bay')).thenRecorded({ type: 'LocationChanged' })
  })

  it('cannot become smaller than what lies there', () => {
    given(locationDefined(), coilStored('AZ-1'), coilStored('AZ-2'))
      .when(define(1))
      .thenRefused('capacity-below-content', { capacityCoils: 1, occupied: 2 })
  })
})
