import { coilHeld, coilProcessingStarted, coilReserved, lineDefined, processOrderPlanned } from '#test/support/facts'
import { given } from '#test/support/given'
import { mother, planned, started, starting, strip } from '#test/support/processing'

const two = [mother(), mother({ coil: 'AZ-2', location: 'B2' })]

describe('starting an order', () => {
  it('takes its coils from their bays to the line', () => {
    given(...planned('slit', two))
      .when(starting())
      .thenRecorded(
        {
          type: 'ProcessOrderStarted',
          data: {
            processOrder: 'PO-1',
            startedAt: '2026-11-10T12:00:00.000Z',
            inputs: [
              { coil: 'AZ-1', kg: 10_000, owner: 'AZAL' },
              { coil: 'AZ-2', kg: 10_000 },
            ],
          },
        },
        { type: 'CoilProcessingStarted', data: { coil: 'AZ-1', from: 'B1' } },
        { type: 'CoilTaken', data: { coil: 'AZ-1', location: 'B1' } },
        { type: 'CoilProcessingStarted', data: { coil: 'AZ-2', from: 'B2' } },
        { type: 'CoilTaken', data: { coil: 'AZ-2', location: 'B2' } },
      )
  })

  it('is for one of two orders with the same coil', () => {
    given(...started('slit'), processOrderPlanned({ processOrder: 'PO-2' }))
      .when(starting('PO-2'))
      .thenRefused('coil-not-in-stock', { coil: 'AZ-1', physical: 'in-process' })
  })

  it('happens once', () => {
    given(...started('slit'))
      .when(starting())
      .thenRefused('process-order-not-planned', { processOrder: 'PO-1', status: 'started' })
  })

  it('rule 2: is refused for a held coil, and rule 3: for one promised to a customer, all said at once', () => {
    given(...planned('slit', two), coilHeld(), coilReserved({ coil: 'AZ-2' }))
      .when(starting())
      .thenRefusedBy('coil-on-hold', 'coil-reserved')
  })

  it('ends a reservation that is over, for the coil and for its sales order', () => {
    given(...planned('slit', [mother()]), coilReserved({ until: '2026-11-09T12:00:00.000Z' }))
      .when(starting())
      .thenRecorded(
        { type: 'ProcessOrderStarted' },
        { type: 'ReservationExpired', data: { salesOrder: 'SO-1', coils: ['AZ-1'] } },
        { type: 'CoilReservationExpired', data: { coil: 'AZ-1' } },
        { type: 'CoilProcessingStarted' },
        { type: 'CoilTaken' },
      )
  })

  it('is refused for a rejected coil, unless it is melted', () => {
    const rejected = { type: 'CoilRejected', data: { coil: 'AZ-1', reason: 'cracks' } } as const
    given(...planned('slit', [mother()]), rejected)
      .when(starting())
      .thenRefusedBy('coil-rejected')
    expect(given(...planned('remelt', [mother()]), rejected).when(starting()).facts).toHaveLength(3)
  })

  it('rule 7: looks at owner and alloy as they are now', () => {
    given(...planned('slit', [mother(), mother({ coil: 'AZ-2', owner: 'ALRO' })]))
      .when(starting())
      .thenRefused('owners-differ', { owners: ['AZAL', 'ALRO'] })
    given(...planned('slit', [mother(), mother({ coil: 'AZ-2', product: strip({ alloy: 'EN AW-1050A' }) })]))
      .when(starting())
      .thenRefusedBy('alloys-differ')
  })

  it('is refused when the coil is in the hands of another, or the line can no longer do the step', () => {
    given(...planned('slit', [mother({ holder: 'HAMM' })]), lineDefined({ line: 'L-1', steps: ['roll'] }))
      .when(starting())
      .thenRefusedBy('coil-not-in-our-hands', 'line-cannot-do-step')
  })

  it('rule 4: is refused for coils that are gone, with no more said about them', () => {
    given(...planned('slit', [mother()]), coilHeld(), coilProcessingStarted(), {
      type: 'CoilConsumed',
      data: {
        coil: 'AZ-1',
        processOrder: 'PO-0',
        line: 'L-1',
        step: 'slit',
        netWeightKg: 10_000,
        owner: 'AZAL',
        into: [],
        scrapKg: 10_000,
        lossKg: 0,
        differenceKg: 0,
      },
    })
      .when(starting())
      .thenRefusedBy('coil-not-in-stock')
  })
})
