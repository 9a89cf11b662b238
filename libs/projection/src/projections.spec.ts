import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Inject, Module } from '@nestjs/common'
import { EVENT_FEED, type EventFeed } from '#event-feed/event-feed'
import type { EventStore } from '#event-store/event-store'
import { EVENT_STORE } from '#platform/store'
import { type Fact, fact, ledger } from '#test/fixtures/ledger/ledger'
import { eventually } from '#test/fixtures/ledger/plant'
import { type TestApp, testApp } from '#test/support/app'
import { projectionModule, runnerOf } from './projection.module.js'
import type { ProjectionRunner } from './runner.js'

const fault = { on: true }
const projection = {
  ...ledger(),
  apply(...[event, rows]: Parameters<ReturnType<typeof ledger>['apply']>) {
    // The keys of the app that runs this: no ledger has them.
    if (event.type === 'ApiKeyMade') return
    if (fault.on && event.type === 'CoilDoomed') throw new Error('nobody foresaw this')
    if (event.type !== 'CoilDoomed') ledger().apply(event, rows)
  },
}

@Module({ imports: [projectionModule(projection)] })
class LedgerModule {
  constructor(
    @Inject(runnerOf('ledger')) readonly runner: ProjectionRunner,
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(EVENT_FEED) readonly feed: EventFeed,
  ) {}
}

const received = { type: 'CoilReceived', kg: 7000, location: 'bay-1', tag: 'new' } as const
let plant: TestApp
let module: LedgerModule

beforeAll(async () => {
  plant = await testApp({ module: LedgerModule })
  module = plant.app.get(LedgerModule)
})
afterAll(() => plant.close())

async function happens(stream: string, ...facts: Fact[]): Promise<void> {
  const { position } = await module.store.append([{ stream, expected: 'any', events: facts.map(fact) }])
  expect(await module.runner.waitFor(position, 5000)).toBe(true)
}

describe('the API of projections', () => {
  test('shows how far each is', async () => {
    await happens('coil-1', received)
    const { status, body } = await plant.http.get('/api/projections', { as: 'operator' })
    expect(status).toBe(200)
    expect(body).toEqual({
      projections: [
        {
          name: 'ledger',
          state: 'running',
          version: 1,
          live: { build: 1, version: 1 },
          position: (await module.feed.head()).toString(),
          lag: { head: (await module.feed.head()).toString(), eventsBehind: 0, secondsBehind: 0 },
          parked: [],
          rebuild: null,
        },
      ],
    })
  })

  test('shows a parked stream, health with it, and retries it', async () => {
    await happens('coil-2', received, { type: 'CoilDoomed' }, { type: 'CoilMoved', to: 'bay-2' })
    const { body } = await plant.http.get('/api/projections/ledger')
    expect(body.parked).toMatchObject([{ stream: 'coil-2', revision: 1, eventType: 'CoilDoomed', attempts: 1 }])
    const health = await plant.http.get('/api/health/ready', { as: null })
    expect(health.body).toMatchObject({ status: 'degraded', parts: { 'projection-ledger': { parked: 1 } } })
    expect(JSON.stringify(health.body)).not.toContain('coil-2')

    const again = await plant.http.post('/api/projections/ledger/parked/coil-2/retry')
    expect(again.status).toBe(409)
    expect(again.body).toMatchObject({ rule: 'parked-again', values: { revision: 1, attempts: 2 } })
    fault.on = false
    const retried = await plant.http.post('/api/projections/ledger/parked/coil-2/retry')
    expect([retried.status, retried.body]).toEqual([200, { stream: 'coil-2', applied: 2 }])
    const none = await plant.http.post('/api/projections/ledger/parked/coil-2/retry')
    expect([none.status, none.body.rule]).toEqual([404, 'not-parked'])
    expect((await plant.http.get('/api/health/ready', { as: null })).body.status).toBe('up')
  })

  test('rebuilds for the administrator alone', async () => {
    expect((await plant.http.post('/api/projections/ledger/rebuild', undefined, { as: 'operator' })).status).toBe(403)
    const before = (await module.runner.live()).build
    const begun = await plant.http.post('/api/projections/ledger/rebuild')
    expect(begun.status).toBe(202)
    const live = await eventually(
      () => module.runner.live(),
      ({ build }) => build > before,
    )
    expect(live.build).toBe(before + 1)
    const { body } = await plant.http.get('/api/projections/nothing')
    expect(body).toMatchObject({ status: 404, rule: 'unknown-projection', values: { known: ['ledger'] } })
  })

  test('is what "npm run rebuild" uses: a bar, an end, and words when it cannot', async () => {
    const before = (await module.runner.live()).build
    const done = await rebuildCommand(['ledger', '--url', plant.url], plant.token('administrator'))
    expect(done.output).toMatch(/ledger is rebuilt: build \d+, version 1/)
    expect(done.code).toBe(0)
    expect((await module.runner.live()).build).toBe(before + 1)
    const unknown = await rebuildCommand(['nothing', '--url', plant.url], plant.token('administrator'))
    expect([unknown.code, unknown.output]).toEqual([1, expect.stringContaining('There is no projection "nothing"')])
    const nobody = await rebuildCommand(['ledger', '--url', plant.url], '')
    expect([nobody.code, nobody.output]).toEqual([1, expect.stringContaining('token is needed')])
  })
})

test('Ctrl-C on "npm run rebuild" stops the rebuild, and says that it can go on', async () => {
  const asked: string[] = []
  const rebuild = { running: true, phase: 'history', version: 1, events: 10, ofEvents: 100, eventsPerSecond: 5 }
  const view = { name: 'ledger', live: { build: 1, version: 1 }, parked: [], rebuild }
  let child: ChildProcess | undefined
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (asked.length === 4) child?.kill('SIGINT')
    response.end(JSON.stringify(view))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { code, output } = await rebuildCommand(['ledger', '--url', url], 'token', (started) => {
    child = started
  })
  server.close()
  expect(output).toContain('the same command goes on from here')
  expect(code).toBe(130)
  expect(asked.at(-1)).toBe('DELETE /api/projections/ledger/rebuild')
})

async function rebuildCommand(
  args: readonly string[],
  token: string,
  started: (child: ChildProcess) => void = () => {},
): Promise<{ code: number; output: string }> {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const script = ['--import', './test/support/typescript.mjs', 'libs/projection/src/rebuild.cli.ts', ...args]
  const child = spawn(process.execPath, script, { cwd: root, env: { ...process.env, COILTRAIL_TOKEN: token } })
  started(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text
    })
  }
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  return { code, output }
}
