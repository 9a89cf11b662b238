import type { PlantFact } from '../events.js'
import { approvalStream, type StreamKind } from '../streams.js'

export type Requested = Extract<PlantFact, { type: 'ApprovalRequested' }>['data']

/** One request for a second person, and what became of it. Instants are ISO 8601, UTC. */
export interface Approval extends Requested {
  readonly standing: 'open' | 'granted' | 'refused' | 'withdrawn'
  /** Name of whoever granted, refused or withdrew it. */
  readonly answeredBy?: string
}

export const approvals: StreamKind<Approval> = {
  thing: 'approval',
  stream: approvalStream,
  evolve(approval, { type, data }) {
    switch (type) {
      case 'ApprovalRequested':
        return { ...data, standing: 'open' }
      case 'ApprovalGranted':
        return approval && { ...approval, standing: 'granted', answeredBy: data.approvedBy.name }
      case 'ApprovalRefused':
        return approval && { ...approval, standing: 'refused', answeredBy: data.refusedBy.name }
      case 'ApprovalWithdrawn':
        return approval && { ...approval, standing: 'withdrawn', answeredBy: data.withdrawnBy }
      default:
        return approval
    }
  },
}
