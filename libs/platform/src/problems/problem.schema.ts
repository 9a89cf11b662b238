import type { SchemaObject } from '@nestjs/swagger'

/** How `Problem` looks in the OpenAPI document. */
export const problemSchema: SchemaObject = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'rule'],
  properties: {
    type: { type: 'string', examples: ['/problems/coil-on-hold'] },
    title: { type: 'string', examples: ['Coil on hold'] },
    status: { type: 'integer', examples: [422] },
    detail: {
      type: 'string',
      description: 'What happened and what to do, in words.',
      examples: ['coil AZ-261107-001 is on hold: surface'],
    },
    instance: { type: 'string', examples: ['/api/process-orders/PO-1/start'] },
    rule: { type: 'string', description: 'Stable name of the rule that was broken.', examples: ['coil-on-hold'] },
    values: { type: 'object', additionalProperties: true, examples: [{ coil: 'AZ-261107-001', reason: 'surface' }] },
    errors: {
      type: 'array',
      description: 'Every fault at once.',
      items: {
        type: 'object',
        required: ['rule', 'message'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer of the field at fault.', examples: ['/inputs/0'] },
          in: { type: 'string', enum: ['query', 'path', 'header'], description: 'the body, if left out' },
          rule: { type: 'string', examples: ['coil-on-hold'] },
          message: { type: 'string', examples: ['coil AZ-261107-001 is on hold: surface'] },
          value: { description: 'what stood there, if it is short' },
          values: { type: 'object', additionalProperties: true },
        },
      },
    },
    correlationId: { type: 'string', description: 'Under which our log has it.' },
  },
}
