/** The whole product on databases of its own, listening on a free port, with a token for each role. */
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
import { distributedApp } from './distributed-app.js'
import { addressOf, httpClient, type TestHttp } from './http.js'
import { type TestDatabase, testDatabase } from './postgres.js'
import type { Profile } from './profiles.js'

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
  /** Another module than the whole product, where there is one process. */
  readonly module?: Type
  readonly clock?: Clock
  /** Further environment variables, where there is one process. */
  readonly settings?: Readonly<Record<string, string>>
  /** One process when left out. In the distributed profile `app` is operations, `database` its own. */
  readonly profile?: Profile
}

export async function testApp({
  module = StandaloneModule,
  clock,
  settings,
  profile,
}: TestAppOptions = {}): Promise<TestApp> {
  const folder = await mkdtemp(join(tmpdir(), 'coiltrail-tokens-'))
  const tokensFile = join(folder, 'tokens.json')
  try {
    const started =
      profile?.name === 'distributed'
        ? await distributedApp(profile.brokers, tokensFile, clock)
        : await standaloneApp(module, { ...settings, COILTRAIL_TOKENS_FILE: tokensFile }, clock)
    const tokens = JSON.parse(await readFile(tokensFile, 'utf8')) as Record<Role, string>
    const token = (role: Role) => tokens[role]
    return { ...started, token, http: httpClient(started.url, token) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function standaloneApp(module: Type, settings: Readonly<Record<string, string>>, clock: Clock | undefined) {
  const database = await testDatabase()
  try {
    const config = readConfig(settings)
    const app = await createApp(module, { config, databaseUrl: database.url, logger: false, ...(clock && { clock }) })
    await app.listen(0, '127.0.0.1')
    return {
      app,
      url: addressOf(app),
      database,
      async close() {
        await app.close()
        await database.drop()
      },
    }
  } catch (error) {
    await database.drop()
    throw error
  }
}
