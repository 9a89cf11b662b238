import { ApiResponse } from '@nestjs/swagger'
import { outcomeSchema } from './outcome.schema.js'

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
