/** A topic that loses events, and a group whose members change: what must not matter to the read models. */
import { setTimeout as sleep } from 'node:timers/promises'
import { allToTheNewest } from '#event-feed/kafka/all-to-the-newest'
import { type MortalPlant, PARTITIONS, TOPIC } from './mortal-plant.js'
import { READ_MODELS, until } from './standing.js'
import { asAdmin, type Strike, type Struck } from './strike.js'

/** Messages that nobody had read are gone from some partitions, as when a broker comes back without its last seconds. */
export const loseMessages: Strike = async (struck, chance) => {
  const { plant, transcript } = struck
  const lines = READ_MODELS.flatMap((app) => plant.of(app)).map((service) => plant.line(service, 'kafka'))
  const before = await transcript.readOn()
  for (const line of lines) line.hold()
  try {
    const grown = await until('messages come that no read model gets', async () => {
      const ends = await transcript.readOn()
      const some = [...ends].filter(([partition, end]) => end > (before.get(partition) ?? 0n))
      return some.length > 1 ? some : undefined
    })
    const lost = grown.filter((_, i) => i === 0 || chance.percent(60))
    const partitions = lost.map(([partition, offset]) => ({ partition, offset: offset.toString() }))
    await asAdmin(plant, async (admin) => {
      // The client deletes in no topic that it has not asked for before.
      await admin.fetchTopicOffsets(TOPIC)
      await admin.deleteTopicRecords({ topic: TOPIC, partitions })
    })
    const messages = lost.reduce((sum, [partition, end]) => sum + Number(end - (before.get(partition) ?? 0n)), 0)
    return `${messages} messages lost from ${lost.length} of ${PARTITIONS} partitions before any read model had them`
  } finally {
    for (const line of lines) {
      line.release()
      // What a broker had begun to answer before the loss must not arrive after it.
      line.reset()
    }
    await allApplied(struck)
  }
}

/** Now: a runner that starts anew might find by chance what this one has to find by itself. */
async function allApplied({ plant, transcript }: Struck): Promise<void> {
  const lost = transcript.reached()
  for (const app of READ_MODELS) {
    await until(`${app} has what the topic has lost`, async () => {
      const { rows } = await plant.database(app).query(`SELECT position FROM ${app}.builds WHERE state = 'live'`)
      return BigInt(rows[0].position) >= lost ? true : undefined
    })
  }
}

/** By an administrator who wants it made again by the relay, or who makes it again as it was, and empty. */
export const deleteTopic: Strike = async ({ plant, transcript }, chance) => {
  const bySomebody = chance.percent(50)
  await until('the topic is deleted', async () => {
    await transcript.readOn()
    return asAdmin(plant, async (admin) => {
      await admin.deleteTopics({ topics: [TOPIC] })
      return true
    })
  })
  transcript.beginAnew()
  if (bySomebody) await made(plant)
  await until('the topic is there again', () =>
    asAdmin(plant, async (admin) => ((await admin.listTopics()).includes(TOPIC) ? true : undefined)),
  )
  return `the topic deleted, and made again ${bySomebody ? 'by hand' : 'by the relay'}`
}

/** Another member joins the group of a read model, as a runner does that has lost its lease, or that has just taken it. */
export const joinGroup: Strike = async ({ plant }, chance) => {
  const readModel = chance.pick(READ_MODELS)
  const isNewer = chance.percent(60)
  const ms = chance.int(500, 5_000)
  const partitions = await joined(plant, `${TOPIC}.${readModel}`, Date.now() + (isNewer ? 60_000 : -3_600_000), ms)
  return `a member joined the group of ${readModel} for ${ms} ms and was given ${partitions} partitions`
}

async function joined(plant: MortalPlant, groupId: string, since: number, ms: number): Promise<number> {
  const consumer = plant.broker.consumer({
    groupId,
    partitionAssigners: [allToTheNewest(since)],
    sessionTimeout: 6_000,
    rebalanceTimeout: 6_000,
  })
  const assigned = new Promise<number>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => resolve(payload.memberAssignment[TOPIC]?.length ?? 0))
  })
  try {
    await consumer.connect()
    await consumer.subscribe({ topic: TOPIC })
    await consumer.run({ autoCommit: false, eachBatch: async () => {} })
    const partitions = await assigned
    await sleep(ms)
    return partitions
  } finally {
    await consumer.disconnect()
  }
}

async function made(plant: MortalPlant): Promise<void> {
  const settings = { 'retention.ms': '-1', 'retention.bytes': '-1', 'max.message.bytes': String(4 * 1024 * 1024) }
  const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
  await until('the topic is made by hand', () =>
    asAdmin(plant, async (admin) => {
      // The relay may have been faster.
      if ((await admin.listTopics()).includes(TOPIC)) return true
      await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: PARTITIONS, configEntries }] })
      return true
    }),
  )
}
