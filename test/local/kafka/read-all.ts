import type { Consumer, KafkaMessage } from 'kafkajs'

/** Until so many have come, and the group has written down that it has them. */
export async function readAll(consumer: Consumer, topic: string, count: number): Promise<KafkaMessage[]> {
  const read: KafkaMessage[] = []
  const enough = Promise.withResolvers<void>()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    autoCommit: false,
    async eachMessage({ partition, message }) {
      read.push(message)
      await consumer.commitOffsets([{ topic, partition, offset: String(BigInt(message.offset) + 1n) }])
      if (read.length >= count) enough.resolve()
    },
  })
  await enough.promise
  await consumer.disconnect()
  return read
}
