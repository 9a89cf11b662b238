import { createHash } from 'node:crypto'
import { grantApproval } from '#domain/approval/decide/answer-approval'
import { requestApproval } from '#domain/approval/decide/request-approval'
import { ApprovalNeeded } from '#domain/approval/four-eyes'
import { requireStillAsked } from '#domain/approval/rules'
import { approvals } from '#domain/approval/state'
import type { PlantFact } from '#domain/events'
import type { Given } from '#domain/given'
import type { StreamKind } from '#domain/streams'
import type { FourEyes } from './four-eyes.js'
import type { History } from './history.js'
import type { Approving, CommandRequest, PlantCommand, Told } from './plant-command.js'

/** The thing that a command is about: its stream is always read and written, and its revision is the ETag. */
export interface Subject {
  readonly kind: StreamKind<unknown>
  readonly id: string
}

/** What a command decides: from the history it reads and what is given, the facts to record. Pure but for the reads. */
export type Decide = (history: History, given: Given) => Promise<readonly PlantFact[]>

/** A command on its way to the store. */
export interface Work {
  readonly request: CommandRequest
  /** The key is bound to what was asked for: command and payload, in the order of its schema. */
  readonly requestHash: string
  /** When it happened, as told. */
  readonly told?: string
  readonly subject: Subject
  /** Where a second person is asked, of a command that may need one. */
  readonly asks?: Subject
  decide(history: History, given: Given): Promise<Decided>
  /** What the metadata of a fact say differently, if it is another's than that of who sends the command. */
  onBehalf?(fact: PlantFact): Readonly<Record<string, string>>
}

export interface Decided {
  /** What the plant's rules make of it. */
  readonly facts: readonly PlantFact[]
  /** Recorded in their stead, while a second person has not agreed. */
  readonly asked?: PlantFact
}

export function workOf(command: PlantCommand<Told>, subject: Subject, decide: Decide): Work {
  const { request, fourEyes } = command
  if (request.approving) return approving(request, subject, decide, request.approving)
  if (fourEyes) return mayNeedApproval(command, subject, decide, fourEyes)
  return { ...asSent(command), subject, decide: async (history, given) => ({ facts: await decide(history, given) }) }
}

const asSent = (command: PlantCommand<Told>) => ({
  request: command.request,
  requestHash: createHash('sha256')
    .update(`${command.constructor.name} ${JSON.stringify(command.payload)}`)
    .digest('base64url'),
  ...(command.payload.occurredAt !== undefined && { told: command.payload.occurredAt }),
})

const theApproval = (id: string): Subject => ({ kind: approvals as StreamKind<unknown>, id })

/** Decided as if somebody had agreed, so that every rule is heard first; then they are asked. */
function mayNeedApproval(command: PlantCommand<Told>, subject: Subject, decide: Decide, permission: FourEyes): Work {
  const { request, payload } = command
  const { id, kind, name, role, source, madeBy } = request.actor
  // No other's key makes the same one, whatever key they send.
  const approval = createHash('sha256').update(`${id} ${request.commandId}`).digest('hex').slice(0, 20)
  return {
    ...asSent(command),
    subject,
    asks: theApproval(approval),
    async decide(history, given) {
      try {
        return { facts: await decide(history, given) }
      } catch (error) {
        if (!(error instanceof ApprovalNeeded)) throw error
        if (kind === 'coiltrail') throw new Error(`${command.constructor.name} needs two people, and nobody asks`)
        const { asks, reason } = error
        const asked = {
          approval,
          permission,
          subject: subject.kind.stream(subject.id),
          asks,
          command: JSON.parse(JSON.stringify(payload)),
          reason,
          requestedBy: { id, kind, name, role, source, ...(madeBy !== undefined && { madeBy }) },
          commandId: request.commandId,
          occurredAt: given.occurredAt,
        }
        return {
          facts: await decide(history, { ...given, approved: { requestedBy: name, approvedBy: name } }),
          asked: requestApproval(asked, given.now),
        }
      }
    },
  }
}

/**
 * What was asked for is decided anew on what the plant is today, and appended together with the approval. It is still
 * the deed of the one who asked, at the time that they told; which command told it first is its cause.
 */
function approving(request: CommandRequest, subject: Subject, decide: Decide, { by, approval }: Approving): Work {
  const { approval: id, requestedBy, occurredAt, commandId } = approval
  return {
    ...asSent(by),
    subject: theApproval(id),
    async decide(history, given) {
      const standing = await history.get(approvals, id)
      const granted = grantApproval(standing, request.actor, by.payload.remark, given.now)
      const approved = { requestedBy: requestedBy.name, approvedBy: request.actor.name }
      const asRequested = { now: given.now, occurredAt, actor: requestedBy.name, commandId }
      await history.find(subject.kind, [subject.id])
      const needed = await approvalNeeded(() => decide(history, asRequested))
      if (needed) requireStillAsked(standing, needed.asks)
      const facts = await decide(history, { ...asRequested, approved })
      return { facts: [...facts, granted] }
    },
    onBehalf: (fact): Record<string, string> =>
      fact.type === 'ApprovalGranted'
        ? {}
        : {
            actor: requestedBy.name,
            role: requestedBy.role,
            source: requestedBy.source,
            occurredAt,
            causationId: commandId,
          },
  }
}

/** Undefined where one person may decide it. */
async function approvalNeeded(decision: () => Promise<unknown>): Promise<ApprovalNeeded | undefined> {
  try {
    await decision()
    return undefined
  } catch (error) {
    if (error instanceof ApprovalNeeded) return error
    throw error
  }
}
