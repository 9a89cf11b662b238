/**
 * Runs a Kafka on this machine until Ctrl-C, with what it keeps beside Coiltrail's own data.
 *
 *     npm run kafka -- --port 9092
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { whenAskedToEnd } from '#platform/boot'
import { numberOf } from '../../simulate/options.js'
import { startKafka } from './kafka.js'

const HELP = `npm run kafka -- [options]
  --port N   where it listens on 127.0.0.1 (default 9092)
It keeps its topics in the folder "kafka" of COILTRAIL_DATA (default .coiltrail).`

process.exitCode = await main().catch((error: Error) => {
  console.error(error.message)
  return 1
})

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: { port: { type: 'string', default: '9092' }, help: { type: 'boolean', default: false } },
  })
  if (options.help) {
    console.log(HELP)
    return 0
  }
  const port = numberOf('port', options.port, 1)
  const folder = join(process.env.COILTRAIL_DATA || '.coiltrail', 'kafka')
  const end = Promise.withResolvers<number>()
  const onLost = (reason: string) => {
    console.error(reason)
    end.resolve(1)
  }
  let ready = false
  // A Kafka that is starting ends with us, by itself.
  whenAskedToEnd(['SIGINT', 'SIGTERM', 'SIGHUP'], () => (ready ? end.resolve(0) : process.exit(130)))
  const kafka = await startKafka({ folder, port, say: console.log, onLost })
  ready = true
  console.log(`Kafka is ready at ${kafka.brokers}`)
  const code = await end.promise
  await kafka.stop()
  return code
}
