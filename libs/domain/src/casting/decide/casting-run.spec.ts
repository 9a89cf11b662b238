import { chargeMelt } from '#domain/casting/decide/charge-melt'
import { startCastingRun } from '#domain/casting/decide/start-casting-run'
import { castingRuns } from '#domain/casting/state'
import { melts } from '#domain/melt/state'
import { lines, partners } from '#domain/plant/state'
import {
  casterDefined,
  castingRunFinished,
  castingRunStarted,
  lineDefined,
  lineEngaged,
  meltCharged,
  meltRecorded,
  partnerRegistered,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'

const start =
  (line = 'CAST-1') =>
  (world: World) =>
    startCastingRun(
      { castingRun: 'RUN-1', alloy: 'EN AW-8011A' },
      world.find(castingRuns, 'RUN-1'),
      world.get(lines, line),
      world.get(partners, 'AZAL'),
      world.given,
    )
const charge =
  (told: Partial<Parameters<typeof chargeMelt>[1]> = {}, occurredAt?: string) =>
  (world: World) =>
    chargeMelt(world.get(castingRuns, 'RUN-1'), { castNumber: 'M-1', ...told }, world.find(melts, 'M-1'), {
      ...world.given,
      ...(occurredAt && { occurredAt }),
    })
const remelt = meltRecorded({ origin: 'remelt', netWeightKg: 9_000 })

describe('starting a casting run', () => {
  it('engages the caster', () => {
    given(casterDefined(), partnerRegistered())
      .when(start())
      .thenRecorded(
        {
          type: 'CastingRunStarted',
          data: { castingRun: 'RUN-1', line: 'CAST-1', owner: 'AZAL', startedAt: '2026-11-10T12:00:00.000Z' },
        },
        { type: 'LineEngaged', data: { line: 'CAST-1', by: 'casting-run', number: 'RUN-1' } },
      )
  })

  it('is refused on a busy caster, until its run is finished', () => {
    given(casterDefined(), partnerRegistered(), lineEngaged({ number: 'RUN-0' }))
      .when(start())
      .thenRefused('line-busy', { line: 'CAST-1', castingRun: 'RUN-0' })
    given(casterDefined(), partnerRegistered(), lineEngaged(), {
      type: 'LineFreed',
      data: { line: 'CAST-1', by: 'casting-run', number: 'RUN-1' },
    })
      .when(start())
      .thenRecorded({ type: 'CastingRunStarted' }, { type: 'LineEngaged' })
  })

  it('a change of the line’s tolerance does not free it', () => {
    given(casterDefined(), partnerRegistered(), lineEngaged(), {
      type: 'LineChanged',
      data: casterDefined({ tolerance: { kg: 1, percent: 0 } }).data,
    })
      .when(start())
      .thenRefusedBy('line-busy')
  })

  it('is refused on a line that cannot cast, for a partner who owns no metal, under a number used before', () => {
    given(lineDefined(), partnerRegistered({ roles: ['customer'] }), castingRunStarted())
      .when(start('SLIT-1'))
      .thenRefusedBy('line-cannot-do-step', 'partner-owns-no-metal', 'casting-run-number-used')
  })
})

describe('charging a melt', () => {
  it('records a new melt of the run’s owner and alloy', () => {
    given(castingRunStarted())
      .when(charge({ netWeightKg: 20_000, furnace: 'F2' }))
      .thenRecorded(
        { type: 'MeltAddedToRun', data: { castingRun: 'RUN-1', castNumber: 'M-1', netWeightKg: 20_000 } },
        { type: 'MeltRecorded', data: { origin: 'furnace', owner: 'AZAL', alloy: 'EN AW-8011A', furnace: 'F2' } },
        { type: 'MeltCharged', data: { castNumber: 'M-1', castingRun: 'RUN-1' } },
      )
  })

  it('takes a remelt with the weight that it has', () => {
    given(castingRunStarted(), remelt)
      .when(charge())
      .thenRecorded({ type: 'MeltAddedToRun', data: { netWeightKg: 9_000 } }, { type: 'MeltCharged' })
    given(castingRunStarted(), remelt)
      .when(charge({ netWeightKg: 9_100 }))
      .thenRefusedBy('melt-weight-differs')
  })

  it('asks what a new melt weighs', () => {
    given(castingRunStarted()).when(charge()).thenRefusedBy('weight-missing')
  })

  it('is refused for a melt that was charged before', () => {
    given(castingRunStarted(), remelt, meltCharged('M-1', 'RUN-0'))
      .when(charge())
      .thenRefused('melt-charged-already', { castingRun: 'RUN-0' })
  })

  it('rule 7: is refused for a melt of another owner or alloy', () => {
    given(castingRunStarted({ owner: 'ALRO', alloy: 'EN AW-1050A' }), remelt)
      .when(charge())
      .thenRefusedBy('melt-owner-differs', 'melt-alloy-differs')
  })

  it('is refused for a supplier’s melt, whose metal came as coils', () => {
    given(castingRunStarted(), meltRecorded({ origin: 'supplier', netWeightKg: undefined }))
      .when(charge({ netWeightKg: 9_000 }))
      .thenRefusedBy('melt-of-supplier')
  })

  it('is refused by a finished run, and before the run was started', () => {
    given(castingRunStarted(), castingRunFinished())
      .when(charge({ netWeightKg: 1 }))
      .thenRefusedBy('casting-run-finished')
    given(castingRunStarted({ startedAt: '2026-11-10T06:00:00.000Z' }))
      .when(charge({ netWeightKg: 1 }, '2026-11-10T05:59:00.000Z'))
      .thenRefusedBy('before-start')
  })
})
