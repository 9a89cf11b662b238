/** The Kafka of a run: that of KAFKA_BROKERS, or a real one on this machine that is gone afterwards. */
import { randomBytes } from 'node:crypto'
import { Kafka, logLevel } from 'kafkajs'
import { startKafka } from '../local/kafka/kafka.js'
import type { Bench } from './bench.js'
import { folderOf } from './product.js'

/** As the relay makes a topic unless told otherwise. */
export const PARTITIONS = 12

export interface Broker {
  /** As in KAFKA_BROKERS. */
  readonly brokers: string
  /** A name that no other topic has; whoever makes one of it need not remove it. */
  topic(): string
}

/** @throws Error in a sentence when Kafka cannot be had on this machine */
export async function openBroker(bench: Bench): Promise<Broker> {
  const yours = process.env.KAFKA_BROKERS
  const brokers = yours ?? (await ourOwn(bench))
  const topics: string[] = []
  if (yours)
    await bench.open(
      async () => {},
      () => removeTopics(brokers, topics),
    )
  return {
    brokers,
    topic() {
      const name = `coiltrail-bench-${randomBytes(6).toString('hex')}`
      topics.push(name)
      return name
    },
  }
}

async function ourOwn(bench: Bench): Promise<string> {
  const folder = await folderOf(bench)
  const { brokers } = await bench.open(
    () => startKafka({ folder, say: (sentence) => bench.say(sentence) }),
    (kafka) => kafka.stop(),
  )
  return brokers
}

async function removeTopics(brokers: string, names: readonly string[]): Promise<void> {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const there = new Set(await admin.listTopics())
  await admin.deleteTopics({ topics: names.filter((name) => there.has(name)) })
  await admin.disconnect()
}
