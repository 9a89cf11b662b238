import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { goneWithin, isAlive } from '#platform/postgres/processes'
import { describeOnKafka, ownName } from '../support/kafka.js'
import { type Spawned, spawnDistributed } from '../support/process.js'

/** Nobody answers here: operations starts without Kafka, the other apps never get ready. */
const NO_KAFKA = '127.0.0.1:1'

describe('npm run start:distributed', () => {
  let place: string
  let folder: string
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'coiltrail-spec-'))
    await chmod(place, 0o711)
    folder = join(place, 'data')
  })
  afterEach(() => rm(place, { recursive: true }))

  const start = (more: Record<string, string> = {}, wrap?: (command: string) => string[]) =>
    spawnDistributed({ COILTRAIL_DATA: folder, KAFKA_BROKERS: NO_KAFKA, PORT: '0', ...more }, wrap)
  const isFree = async () => (await stat(join(folder, 'owner')).catch(() => 'free')) === 'free'

  it('says in one sentence that its port is taken, before it starts anything', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const { port } = squatter.address() as { port: number }
    const refused = start({ PORT: String(port) })
    expect(await refused.ended).toBe(1)
    squatter.close()
    expect(refused.output()).toBe(
      `\nThe distributed Coiltrail cannot start. Port ${port} is taken by another program: set PORT to a free one.\n`,
    )
  })

  it('starts no app when it is told to stop while PostgreSQL starts, and stops that', async () => {
    const launcher = start()
    await said(launcher, /Starting PostgreSQL/)
    launcher.process.kill('SIGINT')
    expect(await launcher.ended).toBe(0)
    expect(launcher.output()).toMatch(/Stopping: /)
    expect(launcher.output()).not.toMatch(/operations-1/)
    expect(await isFree()).toBe(true)
    expect(await postmaster(folder)).toBe(0)
  })

  it('stops the apps that are starting, with a password for Kafka in a file', async () => {
    const password = join(place, 'password')
    await writeFile(password, 'secret\n')
    const launcher = start({ KAFKA_USERNAME: 'coiltrail', KAFKA_PASSWORD_FILE: password })
    await said(launcher, /^inventory-1 .*Starting/m)
    const apps = await appsOf(launcher.process.pid!)
    expect(apps).toHaveLength(4)
    launcher.process.kill('SIGTERM')
    expect(await launcher.ended).toBe(0)
    expect(apps.filter(isAlive)).toEqual([])
    expect(await isFree()).toBe(true)
    expect(launcher.output()).not.toMatch(/KAFKA_USERNAME, KAFKA_PASSWORD/)
  })

  it('leaves no app behind when it is killed, and starts again; stops when the npm that started it has ended', async () => {
    const first = start()
    await said(first, /^inventory-1 .*Starting/m)
    const apps = await appsOf(first.process.pid!)
    expect(apps).toHaveLength(4)
    first.process.kill('SIGKILL')
    for (const app of apps) expect(await goneWithin(app, 20_000)).toBe(true)
    expect(isAlive(await postmaster(folder))).toBe(true)

    const shell = start({ npm_lifecycle_event: 'start:distributed' }, (command) => [
      '/bin/sh',
      '-c',
      `${command} & wait`,
    ])
    await said(shell, /^operations-1 .* is ready at/m)
    shell.process.kill('SIGKILL')
    // Its output stays open until the launcher itself is gone.
    await shell.ended
    expect(shell.output()).toMatch(/Stopping: the apps/)
    expect(await isFree()).toBe(true)
    expect(await postmaster(folder)).toBe(0)
  }, 120_000)
})

await describeOnKafka('npm run start:distributed, on Kafka', (brokers) => {
  it('starts on a folder whose access tokens were made earlier, though a new file is named for them', async () => {
    const place = await mkdtemp(join(tmpdir(), 'coiltrail-spec-'))
    await chmod(place, 0o711)
    const here = { COILTRAIL_DATA: join(place, 'data'), PORT: '0' }
    const first = spawnDistributed({ ...here, KAFKA_BROKERS: NO_KAFKA })
    await said(first, /^operations-1 .* is ready at/m)
    first.process.kill('SIGTERM')
    expect(await first.ended).toBe(0)

    const tokens = { COILTRAIL_TOKENS_FILE: join(place, 'tokens.json') }
    const unused = { EVENT_STORE_DATABASE_URL: 'postgres://localhost/elsewhere' }
    const onKafka = { KAFKA_BROKERS: brokers, KAFKA_TOPIC: ownName('start'), KAFKA_PARTITIONS: '1' }
    const second = spawnDistributed({ ...here, ...tokens, ...unused, ...onKafka })
    await said(second, /^Coiltrail, distributed, is ready at/m)
    expect(second.output()).toMatch(/^Not used here: EVENT_STORE_DATABASE_URL\./)
    second.process.kill('SIGTERM')
    expect(await second.ended).toBe(0)
    await rm(place, { recursive: true })
  }, 120_000)
})

async function said({ process: child, output }: Spawned, what: RegExp): Promise<void> {
  while (!what.test(output())) {
    if (child.exitCode !== null) throw new Error(`It ended before it said ${what}:\n${output()}`)
    await sleep(20)
  }
}

/** What it has started, but for PostgreSQL. */
async function appsOf(launcher: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, ...words] = line.trim().split(/\s+/)
    return Number(parent) === launcher && words.join(' ').includes('apps/') ? [Number(pid)] : []
  })
}

async function postmaster(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '0')
  return Number(text.split('\n')[0])
}
