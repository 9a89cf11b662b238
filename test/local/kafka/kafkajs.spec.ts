/** What we need of KafkaJS, whose last release is older than this Kafka: that the two still understand each other. */
import {
  type Admin,
  AssignerProtocol,
  CompressionTypes,
  ConfigResourceTypes,
  Kafka,
  logLevel,
  type PartitionAssigner,
} from 'kafkajs'
import { describeOnKafka, ownName } from '#test/support/kafka'
import { readAll } from './read-all.js'

await describeOnKafka('The Kafka of a run, by KafkaJS', (brokers) => {
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING })
  const admin = kafka.admin()
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  beforeAll(() => Promise.all([admin.connect(), producer.connect()]))
  afterAll(() => Promise.all([admin.disconnect(), producer.disconnect()]))

  it('makes a topic with its settings and tells them', async () => {
    const topic = await newTopic(admin, { numPartitions: 3, configEntries: [{ name: 'retention.ms', value: '-1' }] })

    expect((await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions).toHaveLength(3)
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms', 'cleanup.policy'] }],
    })
    const settings = resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue])
    expect(Object.fromEntries(settings ?? [])).toEqual({ 'retention.ms': '-1', 'cleanup.policy': 'delete' })
  })

  it('makes no topic that nobody has asked for', async () => {
    const topic = ownName('never-made')
    const hasty = kafka.producer({ retry: { retries: 0 } })
    await hasty.connect()
    await expect(hasty.send({ topic, messages: [{ value: 'lost' }] })).rejects.toThrow(/does not host this topic/)
    await hasty.disconnect()
    expect(await admin.listTopics()).not.toContain(topic)
  })

  it('carries keys, values and headers to a group, in order, packed or not', async () => {
    const topic = await newTopic(admin)
    for (const compression of [CompressionTypes.None, CompressionTypes.GZIP]) {
      const messages = ['received', 'slit'].map((value) => ({ key: 'AZ-1', value, headers: { kind: `coil-${value}` } }))
      await producer.send({ topic, acks: -1, compression, messages })
    }

    const read = await readAll(kafka.consumer({ groupId: ownName('passports'), maxWaitTimeInMs: 200 }), topic, 4)

    expect(read.map(({ key, value, headers }) => [`${key}`, `${value}`, `${headers?.kind}`])).toEqual([
      ['AZ-1', 'received', 'coil-received'],
      ['AZ-1', 'slit', 'coil-slit'],
      ['AZ-1', 'received', 'coil-received'],
      ['AZ-1', 'slit', 'coil-slit'],
    ])
  })

  it('divides a topic among a group as an assigner of ours says, and remembers how far the group has read', async () => {
    const topic = await newTopic(admin, { numPartitions: 2 })
    const groupId = ownName('stock')
    const messages = [0, 1].map((partition) => ({ partition, value: `in ${partition}` }))
    await producer.send({ topic, acks: -1, messages })

    const read = await readAll(kafka.consumer({ groupId, partitionAssigners: [allToOne] }), topic, 2)

    expect(read.map(({ value }) => `${value}`).sort()).toEqual(['in 0', 'in 1'])
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).toContain(groupId)
    expect((await admin.describeGroups([groupId])).groups[0]).toMatchObject({ state: 'Empty' })
    const [kept] = await admin.fetchOffsets({ groupId, topics: [topic] })
    expect(kept?.partitions.map(({ offset }) => offset)).toEqual(['1', '1'])
  })

  it('sets a group back to an offset', async () => {
    const topic = await newTopic(admin)
    const groupId = ownName('audit')
    await producer.send({ topic, acks: -1, messages: [{ value: 'first' }, { value: 'second' }] })
    await readAll(kafka.consumer({ groupId }), topic, 2)

    await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset: '1' }] })

    const again = await readAll(kafka.consumer({ groupId }), topic, 1)
    expect(again.map(({ value }) => `${value}`)).toEqual(['second'])
  })

  it('finds the offset of a moment', async () => {
    const topic = await newTopic(admin)
    const at = (timestamp: number) => ({ value: 'weighed', timestamp: String(timestamp) })
    const morning = Date.UTC(2026, 10, 2, 6)
    await producer.send({ topic, acks: -1, messages: [at(morning), at(morning + 1_000), at(morning + 2_000)] })

    expect(await admin.fetchTopicOffsetsByTimestamp(topic, morning + 500)).toEqual([{ partition: 0, offset: '1' }])
    expect(await admin.fetchTopicOffsetsByTimestamp(topic, morning + 9_000)).toEqual([{ partition: 0, offset: '3' }])
    expect(await admin.fetchTopicOffsets(topic)).toEqual([{ partition: 0, offset: '3', low: '0', high: '3' }])
  })
})

async function newTopic(admin: Admin, options: object = {}): Promise<string> {
  const topic = ownName('coils')
  expect(await admin.createTopics({ waitForLeaders: true, topics: [{ topic, ...options }] })).toBe(true)
  return topic
}

const allToOne: PartitionAssigner = ({ cluster }) => ({
  name: 'AllToOne',
  version: 1,
  async assign({ members, topics }) {
    const [first] = members.map(({ memberId }) => memberId).sort()
    const assignment = Object.fromEntries(
      topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
    )
    return members.map(({ memberId }) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({
        version: 1,
        assignment: memberId === first ? assignment : {},
        userData: Buffer.alloc(0),
      }),
    }))
  },
  protocol: ({ topics }) => ({
    name: 'AllToOne',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
  }),
})
