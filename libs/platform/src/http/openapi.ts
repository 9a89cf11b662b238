import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { SessionCookie } from '../identity/session-cookie.js'
import { finished, TAGS } from './openapi-document.js'

const ABOUT = `What happens to every coil, recorded as events, and everything that can be asked from them.

To try it here: [sign in](/sign-in), or **Authorize** with a key, open a route, **Execute**.

- A command (POST, PUT) carries an \`Idempotency-Key\`, made by the client. Sent again with the same key and body, it
  answers the first outcome again and does nothing: retry as often as you like. This page makes a key for each call.
- Its answer gives the new revision as \`ETag\`: sent as \`If-Match\`, a command is done only if nothing has changed since.
- Its answer gives a \`token\`: a query with \`?after=<token>\` answers when it knows of what was recorded.
- What is refused is answered with a problem (RFC 9457) that names every rule broken, not only the first.
- \`X-Source\` (ui, scanner, api, import) and \`X-Correlation-Id\`, if sent, are kept with what is recorded.
- Weights are whole kilograms, dimensions millimetres, instants ISO 8601 with an offset.`

/** OpenAPI 3.1 at /api/openapi.json and a page to try it at /api/docs; both made from the routes themselves. */
export function describeApi(app: NestFastifyApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Coiltrail')
    .setDescription(ABOUT)
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A key, as shown when it was made.' })
    .addCookieAuth(app.get(SessionCookie).name, {
      type: 'apiKey',
      in: 'cookie',
      description: 'The session of whoever signed in.',
    })
  for (const [name, description] of Object.entries(TAGS)) about.addTag(name, description)
  const document = () =>
    finished(
      SwaggerModule.createDocument(app, about.build(), {
        operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
      }),
    )
  SwaggerModule.setup('api/docs', app, document, {
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Coiltrail API',
    swaggerOptions: {
      displayRequestDuration: true,
      tryItOutEnabled: true,
      filter: true,
      requestInterceptor: withKeyOfItsOwn,
    },
  })
}

interface PageRequest {
  headers: Record<string, string>
}

/**
 * Runs in the page: the key that stands there as an example is replaced by a new one with every call.
 * `crypto.randomUUID` is missing in a page that came over plain HTTP from another machine.
 */
function withKeyOfItsOwn(request: PageRequest): PageRequest {
  if (request.headers['Idempotency-Key'] === '3f0c5a52-1d5e-4b8e-9a43-6f0f1c2d7e90') {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    request.headers['Idempotency-Key'] = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  }
  return request
}
