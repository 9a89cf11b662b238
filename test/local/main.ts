/**
 * Runs the distributed profile on this machine until Ctrl-C: every app in processes of its own, on Kafka, PostgreSQL,
 * and KurrentDB if KURRENTDB_URL is set. Events and access tokens are those of `npm start` in the same folder.
 *
 *     npm run start:distributed -- --replicas 2
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inWords, whenAskedToEnd } from '#platform/boot'
import { type Config, readConfig } from '#platform/config'
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
] as const satisfies readonly (keyof Config)[]

process.exitCode = await main().catch((error: unknown) => {
  console.error(`\nThe distributed Coiltrail cannot start. ${inWords(error)}`)
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
  sayWhatIsNotUsed(config)
  await mustBeFree(config.PORT)
  const end = Promise.withResolvers<number>()
  const ending = new AbortController()
  const running: { stop(): Promise<void> }[] = []
  const finish = (code: number) => {
    if (ending.signal.aborted) return
    console.log('Stopping: the apps, then what they stand on')
    end.resolve(code)
    ending.abort()
  }
  whenAskedToEnd(['SIGINT', 'SIGTERM', 'SIGHUP'], () => finish(0))
  const lost = (reason: string) => {
    console.error(reason)
    finish(1)
  }
  const starting = start()
  try {
    await Promise.race([starting, end.promise])
    return await end.promise
  } finally {
    // What was just starting is there only now. That it failed is no news: it was cut short, or is told already.
    await starting.catch(() => {})
    for (const part of running.reverse()) await part.stop()
  }

  async function start(): Promise<void> {
    const databaseUrl = config.DATABASE_URL ?? (await postgres())
    ending.signal.throwIfAborted()
    const brokers = config.KAFKA_BROKERS?.join(',') ?? (await kafka())
    ending.signal.throwIfAborted()
    const distributed = await startDistributed({
      databaseUrl,
      kurrentdbUrl: config.KURRENTDB_URL,
      brokers,
      topic: config.KAFKA_TOPIC,
      replicas: { inventory: count, throughput: count, relay: count },
      port: config.PORT,
      ...(config.COILTRAIL_TOKENS_FILE && { tokensFile: config.COILTRAIL_TOKENS_FILE }),
      environment: () => passedOn(config),
      print: console.log,
      until: ending.signal,
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

/** As it was read: secrets that were given as files are in it. */
function passedOn(config: Config): Record<string, string> {
  return Object.fromEntries(PASSED_ON.flatMap((name) => (config[name] ? [[name, String(config[name])]] : [])))
}

function sayWhatIsNotUsed(config: Config): void {
  const names = (['IDENTITY_DATABASE_URL', 'EVENT_STORE_DATABASE_URL'] as const).filter((name) => config[name])
  if (names.length > 0) {
    console.log(
      `Not used here: ${names.join(', ')}. Access tokens, and events without KURRENTDB_URL, are in DATABASE_URL.`,
    )
  }
}

/** Asked before PostgreSQL and Kafka take their time. @throws the error of the system if it is not */
async function mustBeFree(port: number): Promise<void> {
  const probe = createServer().listen(port, '127.0.0.1')
  await once(probe, 'listening')
  await new Promise((done) => probe.close(done))
}
