/** What the apps say of their own routes, in one document: those of the standalone product, and the relay's. */
import type { Type } from '@nestjs/common'
import type { OpenAPIObject } from '@nestjs/swagger'
import { RelayModule } from '#apps/relay/src/relay.module'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'

/** @param databaseUrl of an empty database */
export async function allApis(databaseUrl: string): Promise<OpenAPIObject> {
  const product = await apiOf(StandaloneModule, databaseUrl, {})
  // Nobody answers there: the relay waits, and says what it can do all the same.
  const relay = await apiOf(RelayModule, databaseUrl, { KAFKA_BROKERS: '127.0.0.1:1' })
  const known = new Set(Object.keys(product.paths))
  const more = Object.entries(relay.paths).filter(([path]) => !known.has(path))
  return { ...product, paths: { ...product.paths, ...Object.fromEntries(more) } }
}

async function apiOf(module: Type, databaseUrl: string, environment: Record<string, string>): Promise<OpenAPIObject> {
  const config = readConfig({ COILTRAIL_TOKENS_FILE: '/dev/null', ...environment })
  const app = await createApp(module, { config, databaseUrl, logger: false })
  try {
    await app.init()
    const answer = await app.inject({ url: '/api/openapi.json' })
    return answer.json<OpenAPIObject>()
  } finally {
    await app.close()
  }
}
