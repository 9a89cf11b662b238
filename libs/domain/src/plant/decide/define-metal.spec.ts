import { alloys, tempers } from '#domain/plant/state'
import { alloyDefined, temperDefined } from '#test/support/facts'
import { given, type World } from '#test/support/given'
import type { Limits } from '../events.js'
import { defineAlloy, defineTemper } from './define-metal.js'

const { alloy, limits } = alloyDefined().data
const define = (limits: Limits) => (world: World) => defineAlloy({ alloy, limits }, world.find(alloys, alloy))
const temper = (description: string) => (world: World) =>
  defineTemper({ temper: 'H14', description }, world.find(tempers, 'H14'))

describe('metal known to the plant', () => {
  it('is an alloy with its limits, recorded when they are new', () => {
    given().when(define(limits)).thenRecorded({ type: 'AlloyDefined', data: { alloy, limits } })
    given(alloyDefined())
      .when(define({ Cu: { max: 0.1 }, Fe: { max: 1, min: 0.5 }, Si: limits.Si! }))
      .thenRecorded()
    given(alloyDefined())
      .when(define({ Si: { max: 0.9 } }))
      .thenRecorded({ type: 'AlloyChanged', data: { limits: { Si: { max: 0.9 } } } })
  })

  it('has no limits that nothing could meet, or that say nothing; all told at once', () => {
    given()
      .when(define({ Si: { min: 0.8, max: 0.4 }, Fe: {}, Cu: { max: 0.1 } }))
      .thenRefusedBy('limits-crossed', 'limit-says-nothing')
  })

  it('is a temper and what it means', () => {
    given()
      .when(temper('half hard'))
      .thenRecorded({ type: 'TemperDefined', data: { temper: 'H14' } })
    given(temperDefined('H14')).when(temper('temper H14')).thenRecorded()
    given(temperDefined('H14')).when(temper('half hard')).thenRecorded({ type: 'TemperDefined' })
  })
})
