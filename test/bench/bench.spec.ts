/** The benchmark as a program, with tiny sizes: not for its numbers, but so that it cannot rot. */
import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { testKafka } from '../support/kafka.js'
import { notRun as notRunHere } from '../support/not-run.js'

const ROOT = resolve(import.meta.dirname, '../..')
const TINY = ['--seconds', '0.1', '--rounds', '1', '--coils', '600']
const kafka = await testKafka()

function bench(
  temporary: string,
  ...options: string[]
): { child: ChildProcess; ended: Promise<number | null>; output(): string } {
  const words = ['--import', './test/support/typescript.mjs', 'test/bench/main.ts', ...options]
  const child = spawn(process.execPath, words, {
    cwd: ROOT,
    // Everything that it makes is to be found, and to be gone, in a folder of its own.
    env: {
      ...{ PATH: process.env.PATH, TMPDIR: temporary },
      ...('brokers' in kafka ? { KAFKA_BROKERS: kafka.brokers } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  return { child, ended, output: () => output }
}

describe('npm run bench', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bench-spec-'))
    // PostgreSQL may run as another user than we do.
    await chmod(folder, 0o711)
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('measures everyone, judges the targets, writes JSON, and leaves nothing behind', async () => {
    const json = join(folder, 'results', 'bench.json')
    const { ended, output } = bench(folder, ...TINY, '--json', json)
    expect(`${await ended}: ${output()}`).toMatch(/^0: /)
    const { results, verdicts, notRun, machine } = JSON.parse(await readFile(json, 'utf8'))
    const ofTheDistributed = ['Coiltrail, distributed', 'Coiltrail, distributed, three replicas']
    if ('why' in kafka) notRunHere('npm run bench, distributed', kafka.why)
    // With the reasons, so that a failure tells them.
    expect(notRun).toEqual([
      'brokers' in kafka
        ? expect.objectContaining({ who: 'Coiltrail, distributed on KurrentDB', what: 'command until it is seen' })
        : expect.objectContaining({ who: 'Coiltrail', what: 'distributed' }),
    ])
    expect(new Set(results.map(({ who }: { who: string }) => who))).toEqual(
      new Set([
        'Coiltrail',
        'emmett',
        'emmett, as it comes',
        'message-db',
        'message-db, a thousand categories',
        'raw pg, INSERT ... unnest',
        'raw pg, COPY',
        ...('brokers' in kafka
          ? [...ofTheDistributed, 'Coiltrail, from the store itself', 'KafkaJS alone, from memory']
          : []),
      ]),
    )
    for (const result of results) expect(result.perSecond).toBeGreaterThan(0)
    expect(verdicts.map(({ what }: { what: string }) => what)).toContain('append, 20 in flight')
    expect(machine.fsync).toBe('fsync on, synchronous_commit on')
    expect(output()).toContain('What it should be')
    expect(await leftIn(folder)).toEqual([])
  }, 600_000)

  it('cleans up after Ctrl-C', async () => {
    const { child, ended, output } = bench(
      folder,
      '--only',
      'append',
      '--seconds',
      '30',
      '--json',
      join(folder, 'no.json'),
    )
    while (!(await readdir(folder)).some((name) => name.startsWith('coiltrail-test-'))) await nextTurn()
    // Time enough for the server to come up and the first contender to append.
    await nextTurn(3_000)
    child.kill('SIGINT')
    expect(await ended).toBe(1)
    expect(output()).toContain('Stopped by SIGINT')
    expect(await leftIn(folder)).toEqual([])
  }, 120_000)

  it('says what an option may be', async () => {
    const { ended, output } = bench(folder, '--only', 'appends')
    expect(await ended).toBe(1)
    expect(output()).toContain('There is no suite "appends"; there are append, commands, rebuild, search, distributed.')
  }, 60_000)
})

/** What is ours: the compiler leaves a file of its own. */
const leftIn = async (folder: string) => (await readdir(folder)).filter((name) => name.startsWith('coiltrail'))

const nextTurn = (ms = 50) => new Promise((done) => setTimeout(done, ms))
