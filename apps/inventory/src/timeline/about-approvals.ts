import type { ApprovalEvent } from '#domain/approval/events'
import { because } from './phrases.js'
import type { Sentences } from './sentences.js'

export const aboutApprovals: Sentences<ApprovalEvent['type']> = {
  ApprovalRequested: (d) => `${d.requestedBy.name} asks for a second person: ${d.asks}${because(d.reason)}`,
  ApprovalGranted: (d) =>
    `${d.approvedBy.name} agreed with ${d.requestedBy}: ${d.asks}${d.remark ? `. ${d.remark}` : ''}`,
  ApprovalRefused: (d) =>
    `${d.refusedBy.name} did not agree with ${d.requestedBy}: ${d.asks}; reason${because(d.reason)}`,
  ApprovalWithdrawn: (d) =>
    `${d.withdrawnBy} withdrew what ${d.requestedBy} asked for: ${d.asks}; reason${because(d.reason)}`,
}
