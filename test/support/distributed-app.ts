/**
 * The distributed profile inside a spec's own process, where it can be given a clock: each app is one of its own, with
 * a database of its own; events are in a server that speaks KurrentDB's protocol, and come by a real Kafka.
 */

import type { Type } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { Kafka, logLevel } from 'kafkajs'
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { RelayModule } from '#apps/relay/src/relay.module'
import { ThroughputModule } from '#apps/throughput/src/throughput.module'
import { startKurrentDBTestServer } from '#event-store/kurrentdb/test-server/test-server'
import type { Clock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { startProxy } from '../local/proxy.js'
import { APPS, type App } from '../local/routes.js'
import { addressOf } from './http.js'
import { ownName } from './kafka.js'
import { testDatabase } from './postgres.js'

const MODULES: Readonly<Record<App, Type>> = {
  operations: OperationsModule,
  relay: RelayModule,
  inventory: InventoryModule,
  throughput: ThroughputModule,
}

export async function distributedApp(brokers: string, tokensFile: string, clock: Clock | undefined) {
  const undo: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const events = await startKurrentDBTestServer()
    undo.push(() => events.close())
    const identity = await testDatabase()
    undo.push(() => identity.drop())
    const topic = ownName('coiltrail')
    undo.push(() => removeTopic(brokers, topic))
    const configOf = (name: App) =>
      readConfig({
        COILTRAIL_TOKENS_FILE: tokensFile,
        IDENTITY_DATABASE_URL: identity.url,
        KURRENTDB_URL: events.connectionString,
        ...(name !== 'operations' && { KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, KAFKA_PARTITIONS: '3' }),
      })
    const started = await Promise.all(
      APPS.map(async (name) => {
        const database = await testDatabase()
        undo.push(() => database.drop())
        const settings = { config: configOf(name), databaseUrl: database.url, logger: false as const, clock }
        return { name, database, app: await createApp(MODULES[name], settings) }
      }),
    )
    undo.push(() => Promise.all(started.map(({ app }) => app.close())))
    await Promise.all(started.map(({ app }) => app.listen(0, '127.0.0.1')))
    const of = (name: App) => started.find((one) => one.name === name)!
    const proxy = await startProxy(0, (name) => [addressOf(of(name).app)])
    undo.push(() => proxy.close())
    const { app, database }: { app: NestFastifyApplication; database: typeof identity } = of('operations')
    return { app, url: proxy.url, database, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function removeTopic(brokers: string, topic: string): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.deleteTopics({ topics: [topic] }).catch(() => {})
  await admin.disconnect()
}
