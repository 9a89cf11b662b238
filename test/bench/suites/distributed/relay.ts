/** From the event store to the topic: the relay, beside the client of Kafka that has nothing else to do. */
import type { TestDatabase } from '../../../support/postgres.js'
import type { Bench } from '../../bench.js'
import type { Broker } from '../../broker.js'
import type { Publish } from '../../contenders/coiltrail-relay.js'
import { OURS } from '../../results.js'

export async function benchRelay(bench: Bench, { brokers, topic }: Broker, plant: TestDatabase): Promise<void> {
  const relay = await bench.contender('coiltrail-relay', plant.url)
  const kafkajs = await bench.contender('kafkajs', plant.url)
  const { rows } = await plant.pool.query('SELECT count(*)::int AS events FROM event_store.events')
  const { events } = rows[0]
  const publish = (seconds: number) => relay.ask<Publish>('publish', { brokers, topic: topic(), events, seconds })
  await bench.takeTurns('publish to Kafka', 'events', [
    { who: OURS, run: publish },
    {
      who: 'KafkaJS alone, from memory',
      run: (seconds) => kafkajs.ask('produce', { brokers, topic: topic(), seconds }),
    },
  ])
  await kafkajs.stop()
  await relay.stop()
}
