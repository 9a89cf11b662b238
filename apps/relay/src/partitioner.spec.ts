import type { PartitionMetadata } from 'kafkajs'
import { partitionerFor } from './partitioner.js'

const partitionOf = (key: string, partitions: number) => {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({ partitionId }))
  return partitionerFor('t', 12)()({
    topic: 't',
    partitionMetadata: partitionMetadata as PartitionMetadata[],
    message: { key, value: '' },
  })
}

describe('A stream', () => {
  it.each([
    // Hashes from the tests of Kafka's own murmur2; without their sign, modulo 12.
    ['21', (-973_932_308 & 0x7fffffff) % 12],
    ['foobar', (-790_332_482 & 0x7fffffff) % 12],
    ['a-little-bit-long-string', (-985_981_536 & 0x7fffffff) % 12],
  ])('called %s has the partition that a Java client would look for it in', (key, partition) => {
    expect(partitionOf(key, 12)).toBe(partition)
  })

  it('is not sent anywhere when the topic has other partitions than it had', () => {
    expect(() => partitionOf('coil-AZ-1', 13)).toThrow('Topic t has 13 partitions now and had 12.')
  })
})
