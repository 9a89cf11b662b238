import { coilHeld, coilStored, locationDefined } from '#test/support/facts'
import { given, NOON } from '#test/support/given'
import { completing, mother, out, started, strip } from '#test/support/processing'

describe('what every order keeps to', () => {
  it('rule 5: masses balance within the line’s tolerance, or somebody answers for it', () => {
    const short = (override?: { reason: string }) =>
      given(...started('slit')).when(completing({ outputs: [out('S-1', 9969)], override }))
    short().thenRefused('mass-out-of-balance', { differenceKg: 31, toleranceKg: 30 })
    const { facts } = short({ reason: 'scale was wet' })
    const override = { reason: 'scale was wet', requestedBy: 'Ana Popescu', approvedBy: 'Ion Vasile' }
    expect(facts[0]!.data).toMatchObject({ balance: { differenceKg: 31 }, override })
    expect(facts[1]!.data).toMatchObject({ differenceKg: 31 })
  })

  it('rule 5: takes a second person to accept masses that do not balance, and nobody else for those that do', () => {
    const alone = (output: string, outputKg: number, override?: { reason: string }) =>
      given(...started('slit')).when(completing({ outputs: [out(output, outputKg)], override }, NOON.occurredAt, NOON))
    alone('S-1', 9969, { reason: 'scale was wet' }).thenNeedsApproval('Complete order PO-1 with 31 kg unexplained')
    alone('S-1', 9980).thenRecorded(
      { type: 'ProcessOrderCompleted' },
      { type: 'CoilConsumed' },
      { type: 'CoilProduced' },
      { type: 'CoilStored' },
    )
    // Nobody is bothered with what other rules refuse.
    alone('AZ-1', 9969, { reason: 'scale was wet' }).thenRefusedBy('coil-number-used')
  })

  it('rule 1: gives out no number twice, neither one that is known nor one of the same order', () => {
    given(...started('slit'), mother({ coil: 'AZ-9' }))
      .when(
        completing({
          outputs: [
            out('AZ-9', 3000, { widthMm: 400 }),
            out('S-2', 3500, { widthMm: 425 }),
            out('S-2', 3500, { widthMm: 425 }),
          ],
        }),
      )
      .thenRefusedBy('coil-number-used', 'coil-named-twice')
    given(...started('slit'))
      .when(completing({ outputs: [out('AZ-1', 10_000)] }))
      .thenRefused('coil-number-used', { coil: 'AZ-1', physical: 'in-process' })
  })

  it('rule 2: a coil put on hold while on the line gives children with the same hold', () => {
    given(...started('slit'), coilHeld({ hold: 'hold-7', reason: 'scratches' }))
      .when(
        completing({
          outputs: [out('S-1', 5000, { widthMm: 625 }), out('S-2', 5000, { widthMm: 625, remnant: false })],
        }),
      )
      .thenRecorded(
        { type: 'ProcessOrderCompleted' },
        { type: 'CoilConsumed' },
        { type: 'CoilProduced' },
        { type: 'CoilHeld', data: { coil: 'S-1', hold: 'hold-7', reason: 'scratches', cause: 'AZ-1' } },
        { type: 'CoilStored' },
        { type: 'CoilProduced' },
        { type: 'CoilHeld', data: { coil: 'S-2', hold: 'hold-7', reason: 'scratches', cause: 'AZ-1' } },
        { type: 'CoilStored' },
      )
  })

  it('ends after it starts, where there is room, in places and with tempers that are known', () => {
    given(...started('roll'), locationDefined({ location: 'S', capacityCoils: 1 }), coilStored('AZ-9', 'S'))
      .when(completing({ outputs: [out('R-1', 10_000, { gaugeMm: 3, location: 'S' })] }, '2026-11-10T09:00:00.000Z'))
      .thenRefusedBy('location-full', 'before-start')
    given(...started('roll'))
      .when(completing({ outputs: [out('R-1', 10_000, { gaugeMm: 3, location: 'X', temper: 'H99' })] }))
      .thenRefusedBy('unknown-location', 'unknown-temper')
  })

  it('is not completed twice', () => {
    const before = started('slit')
    const done = completing({ outputs: [out('S-1', 10_000)] })
    const { facts } = given(...before).when(done)
    given(...before, ...facts)
      .when(completing({ outputs: [out('S-2', 10_000)] }))
      .thenRefused('process-order-not-started', { status: 'completed' })
  })

  it('is aborted, not completed, when nothing came out; all scrap is a result, too', () => {
    given(...started('roll'))
      .when(completing({}))
      .thenRefusedBy('nothing-produced', 'mass-out-of-balance')
    given(...started('roll'))
      .when(completing({ scrapKg: 10_000 }))
      .thenRecorded(
        { type: 'ProcessOrderCompleted', data: { outputs: [], balance: { differenceKg: 0 } } },
        { type: 'CoilConsumed', data: { owner: 'AZAL', into: [], scrapKg: 10_000 } },
      )
  })

  it('leaves what is not used of a mother as a remnant under a new number', () => {
    const { facts } = given(...started('roll')).when(
      completing({ outputs: [out('R-1', 6000, { gaugeMm: 3 }), out('R-2', 4000, { remnant: true })] }),
    )
    expect(facts.filter((fact) => fact.type === 'CoilProduced').map((fact) => fact.data)).toMatchObject([
      { coil: 'R-1', remnant: false, product: { gaugeMm: 3 } },
      { coil: 'R-2', remnant: true, product: strip() },
    ])
    given(...started('roll'))
      .when(completing({ outputs: [out('R-2', 10_000, { remnant: true, gaugeMm: 3, widthMm: 1200, temper: 'O' })] }))
      .thenRefusedBy('gauge-changed', 'width-changed', 'temper-changed')
  })

  it('names what does not belong to the step', () => {
    given(...started('roll'))
      .when(
        completing({
          outputs: [out('R-1', 10_000, { gaugeMm: 3 })],
          results: [{ coil: 'AZ-1', location: 'B1' }],
          melt: { castNumber: 'M-1', netWeightKg: 1 },
          trimMm: 3,
          coatingKg: 5,
        }),
      )
      .thenRefusedBy('not-for-this-step', 'not-for-this-step', 'not-for-this-step', 'not-for-this-step')
  })
})
