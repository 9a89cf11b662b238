/** The topic as the brokers have it. */
import { setTimeout } from 'node:timers/promises'
import kafkajs, { type Admin } from 'kafkajs'
import type { RelaySettings } from './relay-settings.js'
import type { FoundTopic } from './topic-contract.js'

// Node finds the first few names of what KafkaJS exports, and this is not among them.
const { ConfigResourceTypes } = kafkajs

const DAY_MS = 24 * 60 * 60 * 1000
/** Several times the largest event, so that one with others before it is still one batch of a partition. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const MOST_REPLICAS = 3

export async function findTopic(admin: Admin, name: string): Promise<FoundTopic | undefined> {
  if (!(await admin.listTopics()).includes(name)) return undefined
  const [{ topics }, { resources }, ends] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [name] }),
    admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name }], includeSynonyms: false }),
    admin.fetchTopicOffsets(name),
  ])
  const { partitions } = topics[0]!
  return {
    name,
    partitions: partitions.length,
    replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    settings: new Map(resources[0]!.configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ends: new Map(ends.map(({ partition, high }) => [partition, BigInt(high)])),
  }
}

export async function makeTopic(admin: Admin, settings: RelaySettings): Promise<FoundTopic> {
  const { topic, partitions, retentionDays } = settings
  const { brokers } = await admin.describeCluster()
  const replicas = Math.min(MOST_REPLICAS, brokers.length)
  await admin.createTopics({
    waitForLeaders: true,
    topics: [
      {
        topic,
        numPartitions: partitions,
        replicationFactor: replicas,
        configEntries: Object.entries({
          'cleanup.policy': 'delete',
          'retention.ms': String(retentionDays * DAY_MS),
          'retention.bytes': '-1',
          'max.message.bytes': String(MAX_MESSAGE_BYTES),
          'min.insync.replicas': replicas >= 3 ? '2' : '1',
        }).map(([name, value]) => ({ name, value })),
      },
    ],
  })
  return whenLed(admin, topic)
}

/** A topic that was made a moment ago is known to all brokers, and has its leaders, a moment later. */
async function whenLed(admin: Admin, name: string): Promise<FoundTopic> {
  for (let patience = 50; ; patience--) {
    try {
      const topic = await findTopic(admin, name)
      if (topic) return topic
      throw new Error(`the brokers do not know topic ${name}, which they were told to make`)
    } catch (error) {
      if (patience === 0) throw error
      await setTimeout(100)
    }
  }
}
