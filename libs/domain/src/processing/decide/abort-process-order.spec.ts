import { coilStored, locationDefined } from '#test/support/facts'
import { given } from '#test/support/given'
import { aborting, completing, mother, out, planned, started } from '#test/support/processing'

const two = [mother(), mother({ coil: 'AZ-2' })]

describe('aborting an order', () => {
  it('gives its coils back to stock, each where it is put', () => {
    given(...started('slit', two))
      .when(aborting({ location: 'B1', locations: [{ coil: 'AZ-2', location: 'B2' }] }))
      .thenRecorded(
        {
          type: 'ProcessOrderAborted',
          data: { inputs: ['AZ-1', 'AZ-2'], startedAt: '2026-11-10T10:00:00.000Z', reason: 'no power' },
        },
        { type: 'CoilProcessingAborted', data: { coil: 'AZ-1', location: 'B1' } },
        { type: 'CoilStored', data: { coil: 'AZ-1', location: 'B1' } },
        { type: 'CoilProcessingAborted', data: { coil: 'AZ-2', location: 'B2' } },
        { type: 'CoilStored', data: { coil: 'AZ-2', location: 'B2' } },
      )
  })

  it('leaves coils alone that the order never took', () => {
    given(...planned('slit', two))
      .when(aborting())
      .thenRecorded({ type: 'ProcessOrderAborted', data: { inputs: ['AZ-1', 'AZ-2'] } })
  })

  it('is refused without a place for each coil, into a full bay, an unknown one, and before its start', () => {
    given(...started('slit', two), locationDefined({ location: 'S', capacityCoils: 1 }), coilStored('AZ-9', 'S'))
      .when(aborting({ locations: [{ coil: 'AZ-1', location: 'S' }] }, '2026-11-10T09:59:00.000Z'))
      .thenRefusedBy('location-missing', 'location-full', 'before-start')
    given(...started('slit', two))
      .when(aborting({ location: 'NOWHERE', locations: [{ coil: 'AZ-9', location: 'B1' }] }))
      .thenRefusedBy('coil-not-in-order', 'unknown-location')
  })

  it('is refused when the order is over', () => {
    const slit = started('slit')
    const done = given(...slit).when(completing({ outputs: [out('S-1', 10_000)] })).facts
    given(...slit, ...done)
      .when(aborting({ location: 'B1' }))
      .thenRefused('process-order-closed', { status: 'completed' })
    const aborted = given(...slit).when(aborting({ location: 'B1' })).facts
    given(...slit, ...aborted)
      .when(completing({ outputs: [out('S-1', 10_000)] }))
      .thenRefused('process-order-not-started', { status: 'aborted' })
  })
})
