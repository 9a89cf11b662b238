/** The whole standalone product on a database of its own, listening on a free port, with a token for each role. */
import 'reflect-metadata'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Type } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import type { Clock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import type { Role } from '#platform/identity/roles'
import { httpClient, type TestHttp } from './http.js'
import { type TestDatabase, testDatabase } from './postgres.js'

export interface TestApp {
  readonly app: NestFastifyApplication
  /** Without a slash at the end. */
  readonly url: string
  readonly database: TestDatabase
  readonly http: TestHttp
  token(role: Role): string
  /** Stops the app and removes its database. */
  close(): Promise<void>
}

export interface TestAppOptions {
  /** Another module than the whole product. */
  readonly module?: Type
  readonly clock?: Clock
}

export async function testApp({ module = StandaloneModule, clock }: TestAppOptions = {}): Promise<TestApp> {
  const database = await testDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'coiltrail-tokens-'))
  const tokensFile = join(folder, 'tokens.json')
  try {
    const config = readConfig({ COILTRAIL_TOKENS_FILE: tokensFile })
    const app = await createApp(module, { config, databaseUrl: database.url, logger: false, ...(clock && { clock }) })
    await app.listen(0, '127.0.0.1')
    const tokens = JSON.parse(await readFile(tokensFile, 'utf8')) as Record<Role, string>
    const url = `http://127.0.0.1:${(app.getHttpServer().address() as { port: number }).port}`
    const token = (role: Role) => tokens[role]
    return {
      app,
      url,
      database,
      token,
      http: httpClient(url, token),
      async close() {
        await app.close()
        await database.drop()
      },
    }
  } catch (error) {
    await database.drop()
    throw error
  } finally {
    await rm(folder, { recursive: true })
  }
}
