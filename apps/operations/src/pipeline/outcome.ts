import type { RecordedEvent } from '#event-store/event-store'
import type { CommandRequest, Outcome } from './plant-command.js'

/** What a command did, as it is answered. */
export function outcome(
  { commandId }: CommandRequest,
  subject: string,
  revision: number | null,
  events: readonly RecordedEvent[],
  position: bigint,
  replayed: boolean,
): Outcome {
  return {
    commandId,
    replayed,
    subject,
    revision,
    events: events.map(({ id, stream, revision, type, data, metadata, recordedAt }) => ({
      id,
      stream,
      revision,
      type,
      data,
      occurredAt: metadata.occurredAt ?? recordedAt.toISOString(),
      recordedAt: recordedAt.toISOString(),
    })),
    revisions: Object.fromEntries(events.map((event) => [event.stream, event.revision])),
    token: position.toString(),
  }
}

/** The approval that a command's answer is about, where it was asked for and nothing else was recorded. */
export const approvalAskedIn = ({ events }: Outcome) =>
  events.flatMap(({ type, data }) => (type === 'ApprovalRequested' ? [(data as { approval: string }).approval] : []))[0]
