// Follows the topic and prints one line for each event: KAFKA_BROKERS=host:9092 node consumer.mjs
// What the messages look like is in docs/asyncapi.json. This needs nothing but `npm install kafkajs`.
import { Kafka } from 'kafkajs'

const { KAFKA_BROKERS = 'localhost:9092', KAFKA_TOPIC = 'coiltrail.events', GROUP = 'my-program' } = process.env

const kafka = new Kafka({ clientId: GROUP, brokers: KAFKA_BROKERS.split(',') })
// The group is how Kafka knows where you were when you start again.
const consumer = kafka.consumer({ groupId: GROUP })

// The last revision seen of each stream. Keep it where you keep what you make of the events, best in one transaction
// with it: then an event counts once, whatever is repeated.
const seen = new Map()

await consumer.connect()
await consumer.subscribe({ topic: KAFKA_TOPIC, fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message }) => {
    const header = (name) => message.headers[name].toString()
    const stream = message.key.toString()
    const revision = Number(header('ce_revision'))
    if (revision <= (seen.get(stream) ?? -1)) return // Seen before: every event comes at least once.
    const data = JSON.parse(message.value.toString())
    console.log(`${header('ce_time')} ${stream} ${revision} ${header('ce_type')} ${JSON.stringify(data)}`)
    seen.set(stream, revision)
  },
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect())
