import { type ApprovalEvent, approvalEvents } from '#domain/approval/events'
import { row, table } from '#projection/projection'
import { occurredAt, type Part } from '../projection/part.js'

export interface ApprovalRow {
  approval: string
  revision: number
  /** As it was answered; that nobody did in time is told by the clock. */
  standing: 'open' | 'granted' | 'refused' | 'withdrawn'
  permission: string
  subject: string
  asks: string
  reason: string
  command: Record<string, unknown>
  requestedBy: string
  requestedAs: string
  requestedByKey: boolean
  requestedAt: Date
  happenedAt: Date
  until: Date
  answeredBy: string | null
  answeredAt: Date | null
  /** A remark, or why not. */
  answer: string | null
}

export const approvalTable = table<ApprovalRow>({
  name: 'approvals',
  partnersSee: 'nothing',
  primaryKey: ['approval'],
  columns: {
    approval: 'text',
    revision: 'integer',
    standing: 'text',
    permission: 'text',
    subject: 'text',
    asks: 'text',
    reason: 'text',
    command: 'jsonb',
    requestedBy: 'text',
    requestedAs: 'text',
    requestedByKey: 'boolean',
    requestedAt: 'timestamptz',
    happenedAt: 'timestamptz',
    until: 'timestamptz',
    answeredBy: 'text null',
    answeredAt: 'timestamptz null',
    answer: 'text null',
  },
  indexes: ['("requestedAt", "approval")', '("standing", "requestedAt")'],
})

export const approvals: Part<ApprovalEvent> = {
  tables: [approvalTable],
  catalog: approvalEvents,
  reads: ({ data }) => [row(approvalTable, data.approval)],
  apply({ type, data }, event, rows) {
    const { revision, recordedAt } = event
    const answer = (standing: ApprovalRow['standing'], answeredBy: string, words?: string) =>
      rows.change(approvalTable, data.approval, {
        ...{ standing, answeredBy, revision },
        answeredAt: occurredAt(event),
        answer: words ?? null,
      })
    switch (type) {
      case 'ApprovalRequested':
        rows.put(approvalTable, {
          approval: data.approval,
          revision,
          standing: 'open',
          permission: data.permission,
          subject: data.subject,
          asks: data.asks,
          reason: data.reason,
          command: data.command,
          requestedBy: data.requestedBy.name,
          requestedAs: data.requestedBy.role,
          requestedByKey: data.requestedBy.kind === 'key',
          requestedAt: recordedAt,
          happenedAt: new Date(data.occurredAt),
          until: new Date(data.until),
          answeredBy: null,
          answeredAt: null,
          answer: null,
        })
        return
      case 'ApprovalGranted':
        return answer('granted', data.approvedBy.name, data.remark)
      case 'ApprovalRefused':
        return answer('refused', data.refusedBy.name, data.reason)
      case 'ApprovalWithdrawn':
        return answer('withdrawn', data.withdrawnBy, data.reason)
    }
  },
}
