import { holdCoil } from '#domain/coil/decide/hold-coil'
import { inspectCoil } from '#domain/coil/decide/inspect-coil'
import { releaseCoil } from '#domain/coil/decide/release-coil'
import { coils } from '#domain/coil/state'
import type { PlantFact } from '#domain/events'
import {
  coilAnnounced,
  coilConsumed,
  coilDispatched,
  coilDowngraded,
  coilHeld,
  coilPacked,
  coilProduced,
  coilReceived,
  coilRejected,
  coilScrapped,
} from '#test/support/facts'
import { AGREED, given, type World } from '#test/support/given'

const some = (world: World, numbers: readonly string[]) => numbers.map((number) => world.get(coils, number))
const hold =
  (coil: string, ...descendants: string[]) =>
  (world: World) =>
    holdCoil(world.get(coils, coil), some(world, descendants), 'surface', world.given)
const release =
  (coil: string, holdId: string, ...descendants: string[]) =>
  (world: World) =>
    releaseCoil(world.get(coils, coil), some(world, descendants), { hold: holdId, reason: 'looked again' }, AGREED)
const releaseAlone = (holdId: string) => (world: World) =>
  releaseCoil(world.get(coils, 'AZ-1'), [], { hold: holdId, reason: 'looked again' }, world.given)
const inspect =
  (result: 'conforming' | 'nonconforming', ...findings: string[]) =>
  (world: World) =>
    inspectCoil(world.get(coils, 'AZ-1'), [], { result, findings, inspector: 'Mihai Radu' }, world.given)

/** AZ-1 was slit into AZ-1A and AZ-1B; AZ-1A was slit into AZ-1AA. */
const family: PlantFact[] = [
  coilReceived(),
  coilConsumed({
    into: [
      { coil: 'AZ-1A', kg: 3400 },
      { coil: 'AZ-1B', kg: 3400 },
    ],
  }),
  coilProduced({ coil: 'AZ-1A' }),
  coilProduced({ coil: 'AZ-1B' }),
  coilConsumed({ coil: 'AZ-1A', into: [{ coil: 'AZ-1AA', kg: 3300 }] }),
  coilProduced({ coil: 'AZ-1AA', from: [{ coil: 'AZ-1A', kg: 3300 }] }),
]

describe('holding a coil', () => {
  it('blocks it under a hold named by the command, whatever it is promised or packed for', () => {
    given(coilReceived())
      .when(hold('AZ-1'))
      .thenRecorded({ type: 'CoilHeld', data: { coil: 'AZ-1', hold: 'hold-command-1', reason: 'surface' } })
    given(coilReceived(), coilPacked()).when(hold('AZ-1')).thenRecorded({ type: 'CoilHeld' })
  })

  it('rule 2: cascades under the same hold to descendants on hand, over generations, each with its cause', () => {
    given(...family)
      .when(hold('AZ-1', 'AZ-1A', 'AZ-1B', 'AZ-1AA'))
      .thenRecorded(
        { type: 'CoilHeld', data: { coil: 'AZ-1', hold: 'hold-command-1' } },
        { type: 'CoilHeld', data: { coil: 'AZ-1B', hold: 'hold-command-1', cause: 'AZ-1', reason: 'surface' } },
        { type: 'CoilHeld', data: { coil: 'AZ-1AA', hold: 'hold-command-1', cause: 'AZ-1' } },
      )
  })

  it('is refused for a consumed coil of which nothing is on hand any more', () => {
    given(coilReceived(), coilConsumed(), coilProduced({ coil: 'AZ-1A' }), coilScrapped('AZ-1A'))
      .when(hold('AZ-1', 'AZ-1A'))
      .thenRefused('nothing-to-hold', { coil: 'AZ-1' })
  })

  it('is refused for coils that the plant does not have', () => {
    given(coilAnnounced()).when(hold('AZ-1')).thenRefused('coil-not-on-hand', { physical: 'expected' })
    given(coilReceived(), coilDispatched())
      .when(hold('AZ-1'))
      .thenRefused('coil-not-on-hand', { physical: 'dispatched' })
    given(coilReceived(), coilScrapped()).when(hold('AZ-1')).thenRefused('coil-not-on-hand', { physical: 'scrapped' })
  })
})

describe('releasing a coil', () => {
  const held = [
    ...family,
    coilHeld(),
    coilHeld({ coil: 'AZ-1B', cause: 'AZ-1' }),
    coilHeld({ coil: 'AZ-1AA', cause: 'AZ-1' }),
  ]

  it('rule 2: lifts the one hold from it and from all descendants under it; other holds stay', () => {
    given(...held, coilHeld({ coil: 'AZ-1B', hold: 'hold-2', reason: 'edge' }))
      .when(release('AZ-1', 'hold-1', 'AZ-1A', 'AZ-1B', 'AZ-1AA'))
      .thenRecorded(
        { type: 'CoilReleased', data: { coil: 'AZ-1', hold: 'hold-1', ...AGREED.approved } },
        { type: 'CoilReleased', data: { coil: 'AZ-1B', hold: 'hold-1', cause: 'AZ-1', reason: 'looked again' } },
        { type: 'CoilReleased', data: { coil: 'AZ-1AA', hold: 'hold-1', cause: 'AZ-1' } },
      )
  })

  it('takes a second person, unless it is refused anyway', () => {
    given(coilReceived(), coilHeld()).when(releaseAlone('hold-1')).thenNeedsApproval('Release coil AZ-1 from a hold')
    given(coilReceived(), coilHeld()).when(releaseAlone('hold-9')).thenRefusedBy('no-such-hold')
  })

  it('of one descendant leaves its mother and its sisters held', () => {
    given(...held)
      .when(release('AZ-1B', 'hold-1'))
      .thenRecorded({ type: 'CoilReleased', data: { coil: 'AZ-1B' } })
  })

  it('leaves a descendant that was scrapped under the hold as it is (rule 4)', () => {
    given(...held, coilScrapped('AZ-1AA'))
      .when(release('AZ-1', 'hold-1', 'AZ-1A', 'AZ-1B', 'AZ-1AA'))
      .thenRecorded({ type: 'CoilReleased', data: { coil: 'AZ-1' } }, { type: 'CoilReleased', data: { coil: 'AZ-1B' } })
    given(coilReceived(), coilHeld(), coilScrapped()).when(release('AZ-1', 'hold-1')).thenRefusedBy('coil-scrapped')
  })

  it('is refused by a hold that is not on it, or was lifted before', () => {
    given(coilReceived(), coilHeld())
      .when(release('AZ-1', 'hold-9'))
      .thenRefused('no-such-hold', { coil: 'AZ-1', hold: 'hold-9', holds: ['hold-1'] })
    const lifted: PlantFact = {
      type: 'CoilReleased',
      data: { coil: 'AZ-1', hold: 'hold-1', reason: 'fine', approvedBy: 'Ion Vasile' },
    }
    given(coilReceived(), coilHeld(), lifted).when(release('AZ-1', 'hold-1')).thenRefusedBy('no-such-hold')
  })
})

describe('inspecting a coil', () => {
  it('records that it conforms', () => {
    given(coilReceived())
      .when(inspect('conforming', 'slight scratches on the outer lap'))
      .thenRecorded({ type: 'CoilInspected', data: { result: 'conforming', inspector: 'Mihai Radu' } })
  })

  it('holds a nonconforming coil in the same decision, for what was found', () => {
    given(coilReceived())
      .when(inspect('nonconforming', 'edge cracks', 'oil stains'))
      .thenRecorded(
        { type: 'CoilInspected', data: { result: 'nonconforming', findings: ['edge cracks', 'oil stains'] } },
        { type: 'CoilHeld', data: { coil: 'AZ-1', hold: 'hold-command-1', reason: 'edge cracks; oil stains' } },
      )
  })

  it('keeps the reason of the hold within what a reason may be, and whole characters, however much was found', () => {
    const { facts } = given(coilReceived()).when(inspect('nonconforming', 'x'.repeat(300), `${'x'.repeat(197)}🔥`))
    const held = facts[1] as ReturnType<typeof coilHeld>
    expect(held.data.reason).toHaveLength(500)
    expect(held.data.reason.isWellFormed()).toBe(true)
  })

  it('asks what was found, when it does not conform', () => {
    given(coilReceived()).when(inspect('nonconforming')).thenRefusedBy('findings-missing')
  })

  it('is refused for a rejected coil, and for one that is not on hand', () => {
    given(coilReceived(), coilRejected()).when(inspect('conforming')).thenRefusedBy('coil-rejected')
    given(coilAnnounced()).when(inspect('conforming')).thenRefusedBy('coil-not-on-hand')
  })

  it('does not lift a downgrading', () => {
    given(coilReceived(), coilDowngraded(), {
      type: 'CoilInspected',
      data: { coil: 'AZ-1', result: 'conforming', findings: [], inspector: 'M' },
    })
      .when((world) => {
        expect(world.get(coils, 'AZ-1').grade).toBe('downgraded')
        return []
      })
      .thenRecorded()
  })
})
