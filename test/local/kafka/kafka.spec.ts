import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kafka, logLevel } from 'kafkajs'
import { goneWithin, isAlive } from '#platform/postgres/processes'
import { notRun } from '#test/support/not-run'
import { kafkaJars } from './jars.js'
import { type LocalKafka, startKafka } from './kafka.js'
import { somePort } from './ports.js'
import { readAll } from './read-all.js'

const lacking = await kafkaJars().then(
  () => undefined,
  (error: Error) => error.message,
)

describe('A Kafka on this machine', () => {
  if (lacking) {
    notRun('a Kafka on this machine', lacking)
    it('is not tried here', () => expect(lacking).toBeDefined())
    return
  }

  let folder: string
  let kafka: LocalKafka | undefined
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-own-kafka-'))
  })
  afterEach(async () => {
    await kafka?.stop()
    kafka = undefined
    await rm(folder, { recursive: true, force: true })
  })

  it('has what it acknowledged when it was killed and started again, at the same address', async () => {
    kafka = await startKafka({ folder })
    const first = { brokers: kafka.brokers, pid: kafka.pid() }
    const clients = clientsOf(kafka)
    await makeTopic(clients, 'coils')
    const producer = clients.producer({ idempotent: true, maxInFlightRequests: 1 })
    await producer.connect()
    const acknowledged: string[] = []
    const writing = (async () => {
      for (let number = 0; acknowledged.length < 200; number++) {
        const value = `AZ-${number}`
        await producer.send({ topic: 'coils', acks: -1, messages: [{ value }] })
        acknowledged.push(value)
        if (acknowledged.length === 100) kafka?.kill()
      }
    })()
    while (isAlive(first.pid)) await new Promise((done) => setTimeout(done, 20))
    await kafka.restart()
    await writing
    await producer.disconnect()

    expect(kafka.brokers).toBe(first.brokers)
    expect(kafka.pid()).not.toBe(first.pid)
    const read = await readAll(clients.consumer({ groupId: 'readers', maxWaitTimeInMs: 200 }), 'coils', 200)
    expect(read.map(({ value }) => `${value}`)).toEqual(acknowledged)
  })

  it('leaves no process when it stops, and keeps its topics', async () => {
    kafka = await startKafka({ folder })
    await makeTopic(clientsOf(kafka), 'coils')
    const { brokers } = kafka
    const pid = kafka.pid()
    await kafka.stop()
    expect(isAlive(pid)).toBe(false)

    kafka = await startKafka({ folder })
    expect(kafka.brokers).toBe(brokers)
    const admin = clientsOf(kafka).admin()
    await admin.connect()
    expect(await admin.listTopics()).toEqual(['coils'])
    await admin.disconnect()
  })

  it('tells when it ends unasked, and why it cannot start', async () => {
    const lost = Promise.withResolvers<string>()
    kafka = await startKafka({ folder, onLost: lost.resolve })
    process.kill(kafka.pid(), 'SIGKILL')
    expect(await lost.promise).toBe(`Kafka ended (SIGKILL): see ${join(folder, 'kafka.log')}`)
    await kafka.stop()

    const port = Number(kafka.brokers.split(':')[1])
    const squatter = createServer().listen(port, '127.0.0.1')
    await once(squatter, 'listening')
    await expect(startKafka({ folder })).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use by another program.`)
    squatter.close()
    await once(squatter, 'close')

    await writeFile(join(folder, 'data/meta.properties'), 'version=1\ncluster.id=another\nnode.id=7\n')
    await expect(startKafka({ folder })).rejects.toThrow(/^Kafka does not start on .*node ?id/i)
  })

  it('is run by a command that tells who has the folder, and does not outlive it', async () => {
    const port = await somePort()
    const command = kafkaCommand(folder, port)
    expect(`${await once(command.stdout!, 'data')}`).toBe(`Kafka is ready at 127.0.0.1:${port}\n`)
    const second = kafkaCommand(folder, port)
    const complaint = once(second.stderr!, 'data').then(String)
    expect(await once(second, 'exit')).toEqual([1, null])
    expect(await complaint).toBe(
      `The folder ${join(folder, 'kafka')} is in use by process ${command.pid}: stop that one first.\n`,
    )

    command.kill('SIGINT')
    expect(await once(command, 'exit')).toEqual([0, null])
    expect((await readdir(join(folder, 'kafka'))).sort()).toEqual(['data', 'kafka.log', 'port', 'server.properties'])

    const third = kafkaCommand(folder, port)
    await once(third.stdout!, 'data')
    const orphan = Number(await readFile(join(folder, 'kafka/kafka.pid'), 'utf8'))
    expect(isAlive(orphan)).toBe(true)
    third.kill('SIGKILL')
    expect(await goneWithin(orphan, 5_000)).toBe(true)
  })
})

/** They try often and for long, where KafkaJS would wait longer from try to try. */
function clientsOf({ brokers }: LocalKafka): Kafka {
  const retry = { initialRetryTime: 100, maxRetryTime: 300, retries: 100 }
  return new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING, retry })
}

async function makeTopic(clients: Kafka, topic: string): Promise<void> {
  const admin = clients.admin()
  await admin.connect()
  await admin.createTopics({ waitForLeaders: true, topics: [{ topic }] })
  await admin.disconnect()
}

/** `npm run kafka`, from source. */
function kafkaCommand(folder: string, port: number): ChildProcess {
  const words =
    '--disable-warning=TimeoutNegativeWarning --import ./test/support/typescript.mjs ./test/local/kafka/main.ts'
  return spawn(process.execPath, [...words.split(' '), '--port', String(port)], {
    env: { PATH: process.env.PATH, COILTRAIL_DATA: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
