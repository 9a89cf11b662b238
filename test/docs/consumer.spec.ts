import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeTopic } from '#apps/relay/src/topic'
import { makeKafka } from '#event-feed/kafka/kafka-client'
import { messageOf } from '#event-feed/kafka/message'
import type { RecordedEvent } from '#event-store/event-store'
import { describeOnKafka, ownName } from '#test/support/kafka'
import { ROOT } from './documents.js'

const quiet = { warn() {}, debug() {} }
const recordedAt = new Date('2026-11-09T06:00:04.120Z')

const moved = (coil: string, revision: number, position: bigint): RecordedEvent => ({
  ...{ stream: `coil-${coil}`, revision, position, type: 'CoilMoved', recordedAt },
  id: `0190a1b2-0000-7000-8000-${String(position).padStart(12, '0')}`,
  data: { coil, from: `B${revision}`, to: `B${revision + 1}` },
  metadata: { actor: 'Ion', schemaVersion: '1' },
})

await describeOnKafka('The example of a consumer', (brokers) => {
  const topic = ownName('consumer')
  const group = ownName('my-program')
  const settings = { brokers: brokers.split(','), topic, partitions: 3, retentionDays: 7, tls: false }
  const kafka = makeKafka(settings, 'spec', quiet)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  const running = new Set<ChildProcess>()
  beforeAll(async () => {
    const admin = kafka.admin()
    await admin.connect()
    await makeTopic(admin, settings)
    await admin.disconnect()
    await producer.connect()
  })
  afterEach(() => {
    for (const child of running) child.kill('SIGKILL')
  })
  afterAll(() => producer.disconnect())

  const send = (...events: RecordedEvent[]) =>
    producer.send({ topic, messages: events.map((event) => messageOf(event, event.position - 1n)) })

  function startConsumer() {
    const child = spawn(process.execPath, [join(ROOT, 'docs/examples/consumer.mjs')], {
      env: { PATH: process.env.PATH, KAFKA_BROKERS: brokers, KAFKA_TOPIC: topic, GROUP: group },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.add(child)
    let output = ''
    child.stdout.on('data', (piece) => {
      output += piece
    })
    const ended = new Promise<number | null>((done) => child.once('exit', done))
    const lines = () => output.split('\n').filter((line) => line.startsWith('2026-11-09'))
    return {
      lines,
      async until(count: number) {
        const late = performance.now() + 30_000
        while (lines().length < count) {
          if (performance.now() > late) throw new Error(`waited in vain: ${output}`)
          await setTimeout(50)
        }
      },
      async stop() {
        child.kill('SIGTERM')
        return ended
      },
    }
  }

  it('prints every event once though some are repeated, and goes on where it was', async () => {
    await send(moved('AZ-1', 0, 1n), moved('AZ-2', 0, 2n), moved('AZ-1', 1, 3n))
    // A relay that took over, and does not know how far the one before it had come.
    await send(moved('AZ-2', 0, 2n), moved('AZ-1', 1, 3n), moved('AZ-2', 1, 4n))
    const consumer = startConsumer()
    await consumer.until(4)
    await setTimeout(200)
    expect(consumer.lines().toSorted()).toEqual([
      '2026-11-09T06:00:04.120Z coil-AZ-1 0 CoilMoved {"coil":"AZ-1","from":"B0","to":"B1"}',
      '2026-11-09T06:00:04.120Z coil-AZ-1 1 CoilMoved {"coil":"AZ-1","from":"B1","to":"B2"}',
      '2026-11-09T06:00:04.120Z coil-AZ-2 0 CoilMoved {"coil":"AZ-2","from":"B0","to":"B1"}',
      '2026-11-09T06:00:04.120Z coil-AZ-2 1 CoilMoved {"coil":"AZ-2","from":"B1","to":"B2"}',
    ])
    expect(await consumer.stop()).toBe(0)

    await send(moved('AZ-1', 2, 5n))
    const again = startConsumer()
    await again.until(1)
    expect(again.lines()).toEqual([expect.stringContaining('coil-AZ-1 2 CoilMoved')])
    expect(await again.stop()).toBe(0)
  })
})
