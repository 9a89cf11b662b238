import { finishCastingRun } from '#domain/casting/decide/finish-casting-run'
import { castingRuns } from '#domain/casting/state'
import { coils } from '#domain/coil/state'
import { lines } from '#domain/plant/state'
import {
  casterDefined,
  castingRunFinished,
  castingRunStarted,
  coilCast,
  coilCastInRun,
  coilWeighed,
  lineEngaged,
  meltAddedToRun,
} from '#test/support/facts'
import { AGREED, given, NOON, type World } from '#test/support/given'

const override = { reason: 'the furnace scale is broken' }
const finish =
  (
    told: Partial<Parameters<typeof finishCastingRun>[3]> = {},
    occurredAt = '2026-11-10T12:00:00.000Z',
    among = AGREED,
  ) =>
  (world: World) => {
    const run = world.get(castingRuns, 'RUN-1')
    return finishCastingRun(
      run,
      world.get(lines, 'CAST-1'),
      run.coils.map(({ coil }) => world.get(coils, coil)),
      { scrapKg: 0, lossKg: 0, ...told },
      { ...among, occurredAt },
    )
  }
const cast = (coil: string, netWeightKg: number, melts = [{ castNumber: 'M-1', kg: netWeightKg }]) => [
  coilCastInRun({ coil, netWeightKg, melts }),
  coilCast({ coil, netWeightKg, melts }),
]
/** 20 t in, tolerance 1 % or 100 kg. */
const caster = [
  casterDefined({ tolerance: { kg: 100, percent: 1 } }),
  castingRunStarted(),
  lineEngaged(),
  meltAddedToRun({ netWeightKg: 20_000 }),
]

describe('finishing a casting run', () => {
  it('tells what went in and came out, and frees the caster', () => {
    given(...caster, ...cast('AZ-1', 9_000), ...cast('AZ-2', 10_000))
      .when(finish({ scrapKg: 700, lossKg: 200 }))
      .thenRecorded(
        {
          type: 'CastingRunFinished',
          data: {
            coils: [
              { coil: 'AZ-1', kg: 9_000 },
              { coil: 'AZ-2', kg: 10_000 },
            ],
            melts: [{ castNumber: 'M-1', kg: 20_000 }],
            balance: { inKg: 20_000, outKg: 19_000, scrapKg: 700, lossKg: 200, differenceKg: 100 },
            toleranceKg: 200,
            finishedAt: '2026-11-10T12:00:00.000Z',
          },
        },
        { type: 'LineFreed', data: { line: 'CAST-1', number: 'RUN-1' } },
      )
  })

  it.each([
    [799, false],
    [800, true],
    [1_200, true],
    [1_201, false],
  ])('rule 5: with 19 t of 20 t in coils and %i kg of scrap, it is within the line’s 200 kg: %s', (scrapKg, within) => {
    const finished = given(...caster, ...cast('AZ-1', 9_000), ...cast('AZ-2', 10_000)).when(finish({ scrapKg }))
    if (within) finished.thenRecorded({ type: 'CastingRunFinished' }, { type: 'LineFreed' })
    else finished.thenRefused('mass-out-of-balance', { inKg: 20_000, outKg: 19_000, toleranceKg: 200 })
  })

  it('rule 5: out of balance, it is finished with a reason and two who agree, all recorded', () => {
    given(...caster)
      .when(finish({ override }))
      .thenRecorded(
        {
          type: 'CastingRunFinished',
          data: { override: { ...override, ...AGREED.approved }, balance: { differenceKg: 20_000 } },
        },
        { type: 'LineFreed' },
      )
    given(...caster)
      .when(finish({ override }, NOON.occurredAt, NOON))
      .thenNeedsApproval('Finish casting run RUN-1 with 20000 kg unexplained')
  })

  it('rule 5: no melt gives more than it weighed, even if the run as a whole balances', () => {
    const overdrawn = [
      ...caster,
      meltAddedToRun({ castNumber: 'M-2', netWeightKg: 10_000 }),
      ...cast('AZ-1', 19_500),
      ...cast('AZ-2', 10_500, [{ castNumber: 'M-2', kg: 10_500 }]),
    ]
    given(...overdrawn)
      .when(finish())
      .thenRefused('melt-overdrawn', { castNumber: 'M-2', drawnKg: 10_500, netWeightKg: 10_000, toleranceKg: 100 })
    given(...overdrawn)
      .when(finish({ override }))
      .thenRecorded({ type: 'CastingRunFinished' }, { type: 'LineFreed' })
  })

  it('balances with cast weights as corrected, but not with what was weighed later', () => {
    const typo = [...caster, ...cast('AZ-1', 29_500)]
    given(...typo)
      .when(finish())
      .thenRefusedBy('mass-out-of-balance', 'melt-overdrawn')
    given(...typo, {
      type: 'CoilWeightCorrected',
      data: {
        coil: 'AZ-1',
        corrects: { eventId: '00000000-0000-4000-8000-000000000000', type: 'CoilCast', revision: 0 },
        previousNetWeightKg: 29_500,
        netWeightKg: 19_900,
        adjustmentKg: -9_600,
        reason: 'typo',
      },
    })
      .when(finish())
      .thenRecorded(
        { type: 'CastingRunFinished', data: { coils: [{ coil: 'AZ-1', kg: 19_900 }], balance: { outKg: 19_900 } } },
        { type: 'LineFreed' },
      )
    given(...caster, ...cast('AZ-1', 19_900), coilWeighed({ netWeightKg: 15_000 }))
      .when(finish())
      .thenRecorded({ type: 'CastingRunFinished', data: { balance: { outKg: 19_900 } } }, { type: 'LineFreed' })
  })

  it('of a run started by mistake, with nothing in and nothing out, is allowed', () => {
    given(casterDefined(), castingRunStarted(), lineEngaged())
      .when(finish())
      .thenRecorded({ type: 'CastingRunFinished', data: { coils: [], melts: [] } }, { type: 'LineFreed' })
  })

  it('is final, and not before the start', () => {
    given(...caster, castingRunFinished())
      .when(finish({ override }))
      .thenRefusedBy('casting-run-finished')
    given(casterDefined(), castingRunStarted({ startedAt: '2026-11-10T06:00:00.000Z' }))
      .when(finish({}, '2026-11-10T05:00:00.000Z'))
      .thenRefusedBy('before-start')
  })
})
