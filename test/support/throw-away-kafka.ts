/** The Kafka of a Jest run: started when a spec first asks for it, in a folder that is gone when it stops. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalKafka, startKafka } from '../local/kafka/kafka.js'
import type { KafkaAnswer } from './kafka.js'
import { leftovers } from './leftovers.js'

const PREFIX = 'coiltrail-kafka-'

export interface KafkaOnDemand {
  /** Specs run in other processes: they ask here. */
  readonly url: string
  stop(): Promise<void>
}

export async function kafkaOnDemand(): Promise<KafkaOnDemand> {
  let folder: string | undefined
  let kafka: Promise<LocalKafka> | undefined
  const start = async () => {
    await clearLeftovers()
    folder = await mkdtemp(join(tmpdir(), PREFIX))
    return startKafka({ folder, say: (sentence) => process.stderr.write(`${sentence}\n`) })
  }
  const answer = async (): Promise<KafkaAnswer> => {
    kafka ??= start()
    return kafka.then(
      ({ brokers }) => ({ brokers }),
      (error: Error) => ({ why: error.message }),
    )
  }
  const desk = createServer(async (_request, response) => response.end(JSON.stringify(await answer())))
  await new Promise<void>((done) => desk.listen(0, '127.0.0.1', done))
  desk.unref()
  return {
    url: `http://127.0.0.1:${(desk.address() as AddressInfo).port}`,
    async stop() {
      desk.close()
      desk.closeAllConnections()
      const running = await kafka?.catch(() => undefined)
      await running?.stop()
      if (folder) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Of runs that were killed: their Kafka ended with them. */
async function clearLeftovers(): Promise<void> {
  for (const folder of await leftovers(PREFIX)) {
    // It may be another user's.
    await rm(folder, { recursive: true, force: true }).catch(() => {})
  }
}
