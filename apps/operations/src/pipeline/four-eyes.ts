import { ApiResponse } from '@nestjs/swagger'
import type { Permission } from '#platform/identity/permissions'
import { outcomeSchema } from './outcome.schema.js'

/** What may take two people, by the permission that both need. */
export const FOUR_EYES = [
  'release-hold',
  'downgrade-coil',
  'reject-coil',
  'correct-weight',
  'complete-process-order',
  'finish-casting-run',
] as const satisfies readonly Permission[]
export type FourEyes = (typeof FOUR_EYES)[number]

/** Beside `@Records()`: `when` it takes a second person, who is asked; nothing but that is recorded. */
export const NeedsFourEyes = (when: string) =>
  ApiResponse({
    status: 202,
    description:
      `A second person must agree: ${when}. The request for it is recorded, and nothing else; ` +
      'the facts are, once somebody else has approved them at `Location`.',
    headers: { Location: { description: 'of the approval', schema: { type: 'string' } } },
    schema: outcomeSchema,
  })
