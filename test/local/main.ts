/**
 * Runs the distributed profile on this machine until Ctrl-C: every app in processes of its own, on Kafka, PostgreSQL,
 * and KurrentDB if KURRENTDB_URL is set. Events and access tokens are those of `npm start` in the same folder.
 *
 *     npm run start:distributed -- --replicas 2
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '#platform/config'
import { dataFolder } from '#platform/postgres/data-folder'
import { startEmbeddedPostgres } from '#platform/postgres/embedded'
import { numberOf } from '../simulate/options.js'
import { startDistributed } from './distributed.js'
import { startKafka } from './kafka/kafka.js'

const HELP = `npm run start:distributed -- [options]
  --replicas N   of inventory, throughput and relay (default 1; a second relay stands by)
It listens at PORT (default 3000) of this machine. DATABASE_URL, KAFKA_BROKERS and KURRENTDB_URL name servers of yours;
without them PostgreSQL and Kafka (which needs Java 17 and Maven) are started here, and PostgreSQL holds the events.`

/** What is set for this program and meant for those that it starts. */
const PASSED_ON = [
  'LOG_LEVEL',
  'KAFKA_PARTITIONS',
  'KAFKA_RETENTION_DAYS',
  'KAFKA_TLS',
  'KAFKA_CA',
  'KAFKA_USERNAME',
  'KAFKA_PASSWORD',
]

process.exitCode = await main().catch((error: Error) => {
  console.error(`\nThe distributed Coiltrail cannot start. ${error.message}`)
  return 1
})

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: { replicas: { type: 'string', default: '1' }, help: { type: 'boolean', default: false } },
  })
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const count = numberOf('replicas', options.replicas, 1)
  const config = readConfig(process.env)
  const end = Promise.withResolvers<number>()
  const running: { stop(): Promise<void> }[] = []
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end.resolve(0))
  const lost = (reason: string) => {
    console.error(reason)
    end.resolve(1)
  }
  try {
    await Promise.race([start(), end.promise])
    const code = await end.promise
    console.log('Stopping: the apps, then what they stand on')
    return code
  } finally {
    for (const part of running.reverse()) await part.stop()
  }

  async function start(): Promise<void> {
    const databaseUrl = config.DATABASE_URL ?? (await postgres())
    const brokers = config.KAFKA_BROKERS?.join(',') ?? (await kafka())
    const distributed = await startDistributed({
      databaseUrl,
      kurrentdbUrl: config.KURRENTDB_URL,
      brokers,
      topic: config.KAFKA_TOPIC,
      replicas: { inventory: count, throughput: count, relay: count },
      port: config.PORT,
      ...(config.COILTRAIL_TOKENS_FILE && { tokensFile: config.COILTRAIL_TOKENS_FILE }),
      environment: () => passedOn(),
      print: console.log,
    })
    running.push(distributed)
    console.log(`Coiltrail, distributed, is ready at ${distributed.url}/api/docs`)
  }

  async function postgres(): Promise<string> {
    const folder = await dataFolder(config)
    console.log(`Starting PostgreSQL in ${folder}`)
    const server = await startEmbeddedPostgres({ folder, say: console.log })
    running.push(server)
    return server.url
  }

  async function kafka(): Promise<string> {
    const folder = join(config.COILTRAIL_DATA ?? '.coiltrail', 'kafka')
    console.log(`Starting Kafka in ${folder}`)
    const broker = await startKafka({ folder, say: console.log, onLost: lost })
    running.push(broker)
    return broker.brokers
  }
}

function passedOn(): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
