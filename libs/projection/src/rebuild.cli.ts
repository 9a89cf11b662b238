/** `npm run rebuild -- inventory`: rebuilds a read model of a Coiltrail that runs, which answers queries meanwhile. */
import { readFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import type { ProjectionView } from './projection-view.js'

const HELP = `npm run rebuild -- <projection> [options]
  --url URL       the running Coiltrail (default http://localhost:3000, or $PORT)
  --tokens FILE   tokens by role, as COILTRAIL_TOKENS_FILE writes them
                  (or an administrator's token in the environment variable COILTRAIL_TOKEN)
Ctrl-C stops the rebuild; the next call goes on from there.`

const LOOK_MS = 250

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string' }, tokens: { type: 'string' }, help: { type: 'boolean', default: false } },
  })
  const [name] = positionals
  if (values.help || !name) {
    console.log(HELP)
    return values.help ? 0 : 1
  }
  const base = (values.url ?? `http://localhost:${process.env.PORT || 3000}`).replace(/\/$/, '')
  const call = caller(`${base}/api/projections/${encodeURIComponent(name)}`, await givenToken(values.tokens))
  const before = await call('GET', '')
  let view = await call('POST', '/rebuild')

  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const bar = new SingleBar({ format: FORMAT, noTTYOutput: true, notTTYSchedule: 2_000 }, Presets.shades_classic)
  bar.start(view.rebuild?.ofEvents ?? 0, view.rebuild?.events ?? 0, shown(view))
  const began = performance.now()
  try {
    while (view.live.build === before.live.build) {
      await setTimeout(LOOK_MS, undefined, { signal: stop.signal }).catch(() => {})
      if (stop.signal.aborted) break
      view = await call('GET', '')
      if (!view.rebuild) continue
      // Somebody else stopped it, or its process did: here it would be waited for in vain.
      if (!view.rebuild.running) break
      bar.setTotal(view.rebuild.ofEvents)
      bar.update(view.rebuild.events, shown(view))
    }
    if (view.live.build !== before.live.build) bar.update(bar.getTotal(), { ...shown(view), phase: 'done', left: '' })
  } finally {
    bar.stop()
  }

  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  if (view.live.build !== before.live.build) {
    console.log(`${name} is rebuilt: build ${view.live.build}, version ${view.live.version}, in ${seconds} s.`)
    if (view.parked.length)
      console.log(`${view.parked.length} streams are parked: GET /api/projections/${name} shows why.`)
    return 0
  }
  if (stop.signal.aborted) await call('DELETE', '/rebuild')
  console.log(`The rebuild of ${name} is stopped. The old tables answer; the same command goes on from here.`)
  return stop.signal.aborted ? 130 : 1
}

const FORMAT = '{phase} |{bar}| {percentage}%  {value}/{total} events  {speed} events/s  {left}'

function shown({ rebuild }: ProjectionView) {
  const left = rebuild?.secondsLeft
  return {
    phase: (rebuild?.phase ?? 'starting').padEnd(11),
    speed: (rebuild?.eventsPerSecond ?? 0).toLocaleString('en'),
    left: left === undefined ? '' : `${left} s left`,
  }
}

function caller(address: string, token: string) {
  return async (method: 'GET' | 'POST' | 'DELETE', path: string): Promise<ProjectionView> => {
    const response = await fetch(`${address}${path}`, { method, headers: { authorization: `Bearer ${token}` } })
    const body = (await response.json()) as ProjectionView & { detail?: string }
    if (!response.ok) throw new Error(body.detail ?? `${address} answered ${response.status}`)
    return body
  }
}

async function givenToken(file?: string): Promise<string> {
  const token = file
    ? (JSON.parse(await readFile(file, 'utf8')) as { administrator?: string }).administrator
    : process.env.COILTRAIL_TOKEN
  if (!token) throw new Error("An administrator's token is needed: in COILTRAIL_TOKEN, or by --tokens FILE.")
  return token
}

try {
  process.exitCode = await main()
} catch (error) {
  const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException }
  console.error(cause?.code === 'ECONNREFUSED' ? 'Coiltrail does not answer there: is it running?' : message)
  process.exitCode = 1
}
