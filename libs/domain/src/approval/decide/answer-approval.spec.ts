import { grantApproval, refuseApproval, withdrawApproval } from '#domain/approval/decide/answer-approval'
import { requestApproval } from '#domain/approval/decide/request-approval'
import type { Someone } from '#domain/approval/rules'
import { approvals } from '#domain/approval/state'
import type { PlantFact } from '#domain/events'
import { example } from '#test/support/every-fact'
import { given, NOON, type World } from '#test/support/given'

const ana = {
  id: '0190a1b2-0000-7000-8000-000000000002',
  kind: 'person',
  name: 'Ana Popescu',
  role: 'quality',
} as const
const ion = { ...ana, id: '0190a1b2-0000-7000-8000-000000000009', name: 'Ion Ionescu' } as const
const scanner = { ...ion, kind: 'key', name: 'gate scanner' } as const

const asked = (data: Parameters<typeof example<'ApprovalRequested'>>[1] = {}) => example('ApprovalRequested', data)
const about = (world: World) => world.get(approvals, asked().data.approval)
const granting =
  (by: Someone, now = NOON.now) =>
  (world: World) => [grantApproval(about(world), by, 'seen', now)]
const refusing =
  (by: Someone, now = NOON.now) =>
  (world: World) =>
    refuseApproval(about(world), by, 'not yet', now)
const withdrawing =
  (by: Someone, now = NOON.now) =>
  (world: World) =>
    withdrawApproval(about(world), by, 'mistaken', now)

describe('answering what somebody asked for', () => {
  it('names both, with what was asked', () => {
    const both = { requestedBy: 'Ana Popescu', asks: 'Release coil AZ-1 from a hold', permission: 'release-hold' }
    const person = { id: ion.id, name: 'Ion Ionescu', role: 'quality' }
    given(asked())
      .when(granting(ion))
      .thenRecorded({ type: 'ApprovalGranted', data: { ...both, approvedBy: person, remark: 'seen' } })
    given(asked())
      .when(refusing(ion))
      .thenRecorded({ type: 'ApprovalRefused', data: { ...both, refusedBy: person, reason: 'not yet' } })
    given(asked())
      .when(withdrawing(ana))
      .thenRecorded({ type: 'ApprovalWithdrawn', data: { ...both, withdrawnBy: 'Ana Popescu', reason: 'mistaken' } })
  })

  it.each([
    ['granted', granting],
    ['refused', refusing],
  ])('is for a second person: it is not %s by who asked, who made the key that asked, or a key', (_, answering) => {
    given(asked()).when(answering(ana)).thenRefusedBy('second-person-needed')
    given(asked()).when(answering(scanner)).thenRefusedBy('approval-needs-a-person')
    const byKey = asked({ requestedBy: { ...asked().data.requestedBy, kind: 'key', id: scanner.id, madeBy: ion.id } })
    given(byKey).when(answering(ion)).thenRefusedBy('second-person-needed')
    given(byKey)
      .when(answering(ana))
      .thenRecorded({ type: byAnswer(answering) })
  })

  it('is for who asked, or an administrator, to withdraw', () => {
    given(asked()).when(withdrawing(ion)).thenRefusedBy('approval-of-another')
    given(asked())
      .when(withdrawing({ ...ion, role: 'administrator' }))
      .thenRecorded({ type: 'ApprovalWithdrawn' })
  })

  it.each<[string, PlantFact]>([
    ['granted', example('ApprovalGranted')],
    ['refused', example('ApprovalRefused')],
    ['withdrawn', example('ApprovalWithdrawn')],
  ])('is over once it was %s', (standing, answer) => {
    for (const by of [granting(ion), refusing(ion), withdrawing(ana)]) {
      given(asked(), answer).when(by).thenRefused('approval-over', { standing })
    }
  })

  it('is over after seven days', () => {
    const request = requestApproval(asked().data, NOON.now)
    const day = (days: number, ms = 0) => new Date(NOON.now.getTime() + days * 86_400_000 + ms)
    given(request)
      .when(granting(ion, day(7, -1)))
      .thenRecorded({ type: 'ApprovalGranted' })
    for (const by of [granting(ion, day(7)), refusing(ion, day(7)), withdrawing(ana, day(7))]) {
      given(request)
        .when(by)
        .thenRefused('approval-over', { until: day(7).toISOString() })
    }
  })
})

const byAnswer = (answering: unknown) => (answering === granting ? 'ApprovalGranted' : 'ApprovalRefused')
