import type { SchemaObject } from '@nestjs/swagger'

/** How `Outcome` looks in the OpenAPI document. */
export const outcomeSchema: SchemaObject = {
  type: 'object',
  required: ['commandId', 'replayed', 'subject', 'events', 'revisions', 'token'],
  properties: {
    commandId: { type: 'string', description: 'the Idempotency-Key' },
    replayed: { type: 'boolean', description: 'true when it had been done before and nothing was done now' },
    subject: { type: 'string', description: 'the stream it is about', examples: ['coil-AZ-261107-001'] },
    revision: { type: 'integer', description: 'the subject’s last revision: the ETag' },
    events: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string', format: 'uuid' },
          stream: { type: 'string' },
          revision: { type: 'integer' },
          type: { type: 'string' },
          data: { type: 'object' },
          occurredAt: { type: 'string', format: 'date-time' },
          recordedAt: { type: 'string', format: 'date-time' },
        },
      },
    },
    revisions: { type: 'object', additionalProperties: { type: 'integer' } },
    token: { type: 'string', description: 'give it to a query as ?after= to read what this wrote' },
  },
}
