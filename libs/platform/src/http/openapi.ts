import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

const PROBLEM = {
  'application/problem+json': {
    schema: {
      type: 'object',
      required: ['type', 'title', 'status', 'detail', 'instance', 'rule'],
      properties: {
        type: { type: 'string', example: '/problems/coil-on-hold' },
        title: { type: 'string' },
        status: { type: 'integer' },
        detail: { type: 'string', description: 'What happened and what to do, in words.' },
        instance: { type: 'string' },
        rule: { type: 'string', description: 'Stable name of the rule that was broken.' },
        values: { type: 'object', additionalProperties: true },
        errors: {
          type: 'array',
          description: 'Every fault at once.',
          items: {
            type: 'object',
            required: ['rule', 'message'],
            properties: {
              pointer: { type: 'string', description: 'JSON pointer of the field at fault.' },
              in: { type: 'string', enum: ['query', 'path', 'header'] },
              rule: { type: 'string' },
              message: { type: 'string' },
              value: {},
              values: { type: 'object', additionalProperties: true },
            },
          },
        },
        correlationId: { type: 'string', description: 'Under which our log has it.' },
      },
    },
  },
}

/** OpenAPI 3.1 at /api/openapi.json and a page to try it at /api/docs; both made from the routes themselves. */
export function describeApi(app: NestFastifyApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Coiltrail')
    .setDescription('What happens to every coil, recorded as events, and everything that can be asked from them.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token, as shown on first start.' })
    .addGlobalResponse({ status: 'default', description: 'What went wrong, as RFC 9457 has it.', content: PROBLEM })
    .build()
  const document = () =>
    SwaggerModule.createDocument(app, about, {
      operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    })
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Coiltrail API',
    swaggerOptions: { displayRequestDuration: true, tryItOutEnabled: true },
  })
}
