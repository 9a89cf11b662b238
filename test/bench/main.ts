/**
 * `npm run bench`: Coiltrail beside its peers, in one run, on one PostgreSQL that is thrown away, with every commit
 * forced to disk. See docs/benchmarks.md.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { startThrowAwayPostgres } from '../support/throw-away-postgres.js'
import { Bench } from './bench.js'
import { machineOf } from './machine.js'
import { type Options, readOptions, type Suite } from './options.js'
import { report } from './report.js'
import { Results } from './results.js'
import { benchAppends } from './suites/append.js'
import { benchCommands } from './suites/commands.js'
import { benchDistributed } from './suites/distributed.js'
import { benchRebuilds } from './suites/rebuild.js'
import { benchSearch } from './suites/search.js'

const SUITE: Record<Suite, (bench: Bench) => Promise<void>> = {
  append: benchAppends,
  commands: benchCommands,
  rebuild: benchRebuilds,
  search: benchSearch,
  distributed: benchDistributed,
}

try {
  await run(readOptions(process.argv.slice(2)))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function run(options: Options): Promise<void> {
  const begun = performance.now()
  const bench = new Bench(options, new Results())
  const interrupted = stopOnSignal(bench)
  const measured = measure(bench)
  try {
    const machine = await Promise.race([measured, interrupted])
    const { results } = bench
    const verdicts = results.verdicts()
    process.stdout.write(`\n${report(results, machine, (performance.now() - begun) / 1000)}`)
    const json = {
      at: new Date().toISOString(),
      machine,
      options,
      results: results.all,
      verdicts,
      notRun: results.notRun,
    }
    await mkdir(dirname(options.json), { recursive: true })
    await writeFile(options.json, `${JSON.stringify(json, null, 2)}\n`)
    bench.say(`\nAlso in ${options.json}`)
  } finally {
    // What is under way fails when its server goes; nobody asks any more.
    measured.catch(() => {})
    await bench.close()
  }
}

async function measure(bench: Bench) {
  const server = await bench.open(
    () => startThrowAwayPostgres({ durable: true }),
    (started) => started.stop(),
  )
  // By this, `testDatabase` finds the server.
  process.env.COILTRAIL_TEST_POSTGRES = server.url
  const machine = await machineOf(server.url)
  for (const suite of bench.options.only) await SUITE[suite](bench)
  return machine
}

/** Rejects on Ctrl-C, so that everything is stopped and removed. */
function stopOnSignal(bench: Bench): Promise<never> {
  return new Promise((_, fail) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        bench.say(`Stopped by ${signal}: cleaning up`)
        fail(new Error('Nothing was written.'))
      })
    }
  })
}
