import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

/** OpenAPI 3.1 at /api/openapi.json and a page to try it at /api/docs; both made from the routes themselves. */
export function describeApi(app: NestFastifyApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Coiltrail')
    .setDescription('What happens to every coil, recorded as events, and everything that can be asked from them.')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An access token, as shown on first start.' })
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
