import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { requireOpen, requireSecondPerson, type Someone } from '../rules.js'
import type { Approval } from '../state.js'

/** A second person has looked and agrees. The facts that were asked for are decided anew, and recorded with this. */
export function grantApproval(approval: Approval, by: Someone, remark: string | undefined, now: Date): PlantFact {
  requireAnswerable(approval, by, now)
  return {
    type: 'ApprovalGranted',
    data: { ...named(approval), approvedBy: person(by), ...(remark !== undefined && { remark }) },
  }
}

/** A second person has looked and does not agree: nothing is done. */
export function refuseApproval(approval: Approval, by: Someone, reason: string, now: Date): PlantFact[] {
  requireAnswerable(approval, by, now)
  return [{ type: 'ApprovalRefused', data: { ...named(approval), refusedBy: person(by), reason } }]
}

/** Whoever asked thinks better of it; an administrator may for somebody who left. */
export function withdrawApproval(approval: Approval, by: Someone, reason: string, now: Date): PlantFact[] {
  const checks = new Checks()
  requireOpen(checks, approval, now)
  checks.require(
    by.id === approval.requestedBy.id || by.role === 'administrator',
    'approval-of-another',
    `${approval.requestedBy.name} asked for this: they withdraw it, or an administrator`,
    { requestedBy: approval.requestedBy.name },
  )
  checks.done()
  return [{ type: 'ApprovalWithdrawn', data: { ...named(approval), withdrawnBy: by.name, reason } }]
}

function requireAnswerable(approval: Approval, by: Someone, now: Date): void {
  const checks = new Checks()
  requireOpen(checks, approval, now)
  requireSecondPerson(checks, approval, by)
  checks.done()
}

const named = ({ approval, permission, asks, requestedBy }: Approval) => ({
  approval,
  permission,
  asks,
  requestedBy: requestedBy.name,
})

const person = ({ id, name, role }: Someone) => ({ id, name, role })
