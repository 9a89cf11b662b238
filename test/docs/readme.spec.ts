import { execFileSync, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestApp, testApp } from '#test/support/app'
import { notRun } from '#test/support/not-run'
import { ROOT } from './documents.js'
import { blocks, pages, section } from './pages.js'

/**
 * Between the README's helpers and its commands: what is shown is also kept, one answer a line; and a query waits until
 * read models have caught up, because here nobody types it a second later.
 */
const WATCH = `
eval "$(declare -f show | sed '1s/show/show_to_a_person/')"
show() { tee -a "$ANSWERS" | show_to_a_person; echo >> "$ANSWERS"; }
eval "$(declare -f get | sed '1s/get/get_now/')"
get() {
  until curl -sS "$URL/api/projections" -H "Authorization: Bearer $TOKEN" | node -e '
    const { projections } = JSON.parse(fs.readFileSync(0))
    process.exit(projections.every(({ lag }) => lag.eventsBehind === 0) ? 0 : 1)'; do sleep 0.05; done
  get_now "$@"
}
`

const missing = ['bash', 'curl'].filter((program) => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return false
  } catch {
    return true
  }
})

// biome-ignore lint/suspicious/noExplicitAny: answers are read as a newcomer reads them, without types.
type Answer = any

describe('The README', () => {
  if (missing.length > 0) {
    notRun('the first ten minutes of the README', `${missing.join(' and ')} cannot be found`)
    it('is not tried here', () => expect(missing).not.toEqual([]))
    return
  }

  let product: TestApp
  let folder: string
  let answers: Answer[]
  let live: string
  let shown: string

  beforeAll(async () => {
    product = await testApp()
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-readme-'))
    const readme = (await pages()).find(({ path }) => path === 'README.md')!
    const minutes = section(readme, '## The first ten minutes')
    const commands = blocks(minutes, 'sh').filter((block) => !block.startsWith('export '))
    const [helpers, ...steps] = commands
    const [watching] = blocks(minutes, '')
    const environment = {
      PATH: process.env.PATH,
      URL: product.url,
      TOKEN: product.token('administrator'),
      ANSWERS: join(folder, 'answers'),
    }
    const listener = bash(watching!, environment)
    await writeFile(environment.ANSWERS, '')
    shown = await bash(['set -e', helpers, WATCH, ...steps].join('\n'), environment).ended
    answers = (await readFile(environment.ANSWERS, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    listener.stop()
    live = await listener.ended
  }, 120_000)
  afterAll(async () => {
    await product.close()
    await rm(folder, { recursive: true })
  })

  const recorded = (type: string) =>
    answers.flatMap((answer) => answer.events ?? []).filter((event: Answer) => event.type === type)

  it('has commands that all work as printed', () => {
    expect(answers.length).toBeGreaterThan(15)
    expect(answers.filter(({ rule, status }) => rule ?? status)).toEqual([])
  })

  it('announces 24 coils of 163,114 kg, and finds eleven faulty rows told by row, column, value and rule', () => {
    const [good, faulty] = answers
    expect(good).toMatchObject({ announced: 24, kg: 163_114, faulty: 0 })
    expect(faulty).toMatchObject({ dryRun: true, faulty: 11, events: [] })
    const withFaults = faulty.faults.filter(({ row }: Answer) => row !== undefined)
    expect(new Set(withFaults.map(({ row }: Answer) => row)).size).toBe(11)
    for (const fault of faulty.faults) {
      expect(fault).toMatchObject({ column: expect.any(String), value: expect.any(String), rule: expect.any(String) })
    }
  })

  it('receives, rolls and slits so that mothers are consumed and the kilograms balance', () => {
    expect(recorded('CoilReceived')).toHaveLength(2)
    expect(recorded('CoilConsumed').map(({ data }: Answer) => data.coil)).toEqual(['AZ-261107-001', 'R-1001'])
    expect(recorded('CoilProduced').map(({ data }: Answer) => data.coil)).toEqual(['R-1001', 'S-1001-A', 'S-1001-B'])
    for (const { data } of recorded('ProcessOrderCompleted')) {
      const { inKg, outKg, scrapKg, lossKg, differenceKg } = data.balance
      expect(inKg).toBe(outKg + scrapKg + lossKg + differenceKg)
    }
  })

  it('finds, sells and dispatches what the customer asked for', () => {
    const matching = answers.find(({ items, openKg }) => items && openKg)
    expect(matching.items.map(({ coil }: Answer) => coil.coil)).toContain('S-1001-A')
    expect(recorded('CoilSold')).toHaveLength(1)
    expect(recorded('CoilDispatched')).toHaveLength(1)
  })

  it('looks at stock, passport, ancestors down to the melt, production and books', () => {
    const [stock, passport, genealogy, throughput, balance] = answers.slice(-5)
    expect(stock.items.map(({ coil }: Answer) => coil).sort()).toEqual(['AZ-261107-002', 'S-1001-B'])
    expect(stock.facets).toBeDefined()
    expect(passport).toMatchObject({ coil: 'S-1001-A', physical: 'dispatched', commercial: 'sold' })
    expect(passport.timeline.length).toBeGreaterThan(2)
    expect(genealogy.nodes.map(({ id }: Answer) => id)).toEqual([
      'coil-S-1001-A',
      'coil-R-1001',
      'coil-AZ-261107-001',
      'melt-G26-3107',
    ])
    expect(genealogy.edges.every(({ kg }: Answer) => kg > 0)).toBe(true)
    expect(throughput.groups.map(({ line }: Answer) => line)).toEqual(['HOT-1', 'SLIT-1'])
    for (const account of [balance.plant, ...balance.owners]) expect(account.unbalancedKg).toBe(0)
  })

  it('shows answers that a person can read, and events as they come', () => {
    expect(shown).toMatch(/announced: 24,\n/)
    for (const type of ['CoilReceived', 'CoilProduced', 'CoilDispatched']) expect(live).toContain(`event: ${type}\n`)
  })
})

function bash(script: string, env: Record<string, string | undefined>) {
  const child = spawn('bash', ['-c', script], { cwd: ROOT, env: env as NodeJS.ProcessEnv, detached: true })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  let stopped = false
  const ended = new Promise<string>((done, fail) => {
    child.on('error', fail)
    child.on('close', (code) => {
      if (code === 0 || stopped) done(output)
      else fail(new Error(`bash ended with ${code}:\n${output}`))
    })
  })
  return {
    ended,
    /** With what it started: a signal to bash alone leaves curl behind. */
    stop() {
      stopped = true
      process.kill(-child.pid!, 'SIGTERM')
    },
  }
}
