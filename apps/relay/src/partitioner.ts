import { type ICustomPartitioner, Partitioners } from 'kafkajs'
import { RefusedError } from './topic-contract.js'

/**
 * A stream's partition as Java's clients choose it too (murmur2 of the key). Refuses the very batch that finds more or
 * fewer partitions than there were: it would part a stream's later events from its earlier ones.
 */
export function partitionerFor(topic: string, partitions: number): ICustomPartitioner {
  return () => {
    const choose = Partitioners.DefaultPartitioner()
    return (of) => {
      if (of.partitionMetadata.length === partitions) return choose(of)
      throw new RefusedError(`Topic ${topic} has ${of.partitionMetadata.length} partitions now and had ${partitions}.`)
    }
  }
}
