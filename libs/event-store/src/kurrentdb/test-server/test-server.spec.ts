/** The test server as a process: what it has acknowledged outlives it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { newStream, one, readAll, until } from '../../contract/under-test.js'
import { KurrentDBEventStore } from '../kurrentdb-event-store.js'

const ROOT = resolve(import.meta.dirname, '../../../../..')
const folder = mkdtempSync(join(tmpdir(), 'kurrentdb-test-server-'))
const running: ChildProcess[] = []
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

async function startProcess(port: number): Promise<{ child: ChildProcess; connectionString: string }> {
  const script = join(import.meta.dirname, 'main.ts')
  const words = ['--import', './test/support/typescript.mjs', script, '--port', String(port)]
  const child = spawn(process.execPath, [...words, '--data', join(folder, 'events.jsonl')], { cwd: ROOT })
  running.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk
    })
  }
  await until(() => /is ready at \S+/.test(output) || child.exitCode !== null)
  return { child, connectionString: /is ready at (\S+)/.exec(output)![1]! }
}

it('keeps all that it has acknowledged when it is killed, and drops what was cut off', async () => {
  const first = await startProcess(0)
  const store = new KurrentDBEventStore(first.connectionString)
  const coil = newStream()
  let acknowledged = 0
  let over = false
  const appending = (async () => {
    while (!over) {
      await store.append([one(coil, acknowledged === 0 ? 'none' : acknowledged - 1)])
      acknowledged++
    }
  })()
  await until(() => acknowledged > 50)
  first.child.kill('SIGKILL')
  await until(() => first.child.signalCode !== null)
  const before = acknowledged
  appendFileSync(join(folder, 'events.jsonl'), '[{"stream":"coil-half')
  const port = Number(/:(\d+)\?/.exec(first.connectionString)![1])
  await startProcess(port)
  await until(() => acknowledged > before + 20)
  over = true
  await appending
  const history = await readAll(store, coil)
  expect(history.map(({ revision }) => revision)).toEqual(Array.from({ length: acknowledged }, (_, i) => i))
  await store.close()
})
