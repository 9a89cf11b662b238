import type { SchemaObject } from '@nestjs/swagger'

/** How `Outcome` looks in the OpenAPI document. */
export const outcomeSchema: SchemaObject = {
  type: 'object',
  example: {
    commandId: '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90',
    replayed: false,
    subject: 'coil-AZ-261107-001',
    revision: 2,
    events: [
      {
        id: '019349a1-7c00-7a2b-8f3e-2b1c5d9e4a10',
        stream: 'coil-AZ-261107-001',
        revision: 2,
        type: 'CoilMoved',
        data: { coil: 'AZ-261107-001', from: 'YARD', to: 'BAY-01' },
        occurredAt: '2026-11-07T06:30:00.000Z',
        recordedAt: '2026-11-07T06:30:04.120Z',
      },
    ],
    revisions: { 'coil-AZ-261107-001': 2, 'location-YARD': 31, 'location-BAY-01': 12 },
    token: '184',
  },
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
