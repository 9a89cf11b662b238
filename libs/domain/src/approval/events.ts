import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { instant, personName, reason, remarks, words } from '../words.js'

/** Made from who asks and under which key, so that a retry is the same request. */
export const approvalId = z
  .string()
  .regex(/^[0-9a-f]{20}$/, 'an approval is named by 20 digits and letters from a to f')
  .meta({ examples: ['3b7e0c9a51d24f6688aa'] })

const permission = words(60).describe('what the one who answers must be allowed to do')
const asks = words(300).describe('what is to be done, in words')

/** Of the account, as it is called and may at that time. */
const person = z.strictObject({ id: z.uuid(), name: personName, role: words(40) })

/** Who asks, as the facts will name them when it is granted. */
const requester = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['person', 'key']),
  name: personName,
  role: words(40),
  source: words(20),
  madeBy: z.uuid().optional().describe('of a key: the account of the person who made it'),
})

/** Stream `approval-<id>`: what needs a second person, from the request to its answer. */
export const approvalEvents = {
  ApprovalRequested: version1(
    z.strictObject({
      approval: approvalId,
      permission,
      subject: words(200).describe('the stream that it is about'),
      asks,
      command: z.record(z.string(), z.unknown()).describe('path and body of what was asked for, as they were checked'),
      reason,
      requestedBy: requester,
      commandId: words(128).describe('the Idempotency-Key of the request'),
      occurredAt: instant.describe('when that which is to be approved happened in the plant'),
      until: instant.describe('nobody can grant it from then on'),
    }),
  ),
  /** The facts that were asked for stand in their own streams, appended together with this. */
  ApprovalGranted: version1(
    z.strictObject({
      approval: approvalId,
      permission,
      asks,
      requestedBy: personName,
      approvedBy: person,
      remark: remarks.optional(),
    }),
  ),
  ApprovalRefused: version1(
    z.strictObject({ approval: approvalId, permission, asks, requestedBy: personName, refusedBy: person, reason }),
  ),
  ApprovalWithdrawn: version1(
    z.strictObject({
      approval: approvalId,
      permission,
      asks,
      requestedBy: personName,
      withdrawnBy: personName.describe('who asked, or an administrator'),
      reason,
    }),
  ),
} as const
export type ApprovalEvent = EventsOf<typeof approvalEvents>
