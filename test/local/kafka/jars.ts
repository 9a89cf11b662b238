/**
 * Kafka's programs, fetched by Maven once: after that nothing is downloaded until pom.xml changes. From where Maven
 * fetches is the matter of its own settings.
 *
 *     .kafka/<hash of pom.xml>   the jars, whole as soon as the folder is there
 *     .kafka/half-<process>      the jars on their way
 *     .kafka/owner               the process that fetches now
 */
import { execFile, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { takeOwnership } from '#platform/postgres/processes'

type Say = (sentence: string) => void

const BUILT = import.meta.filename.endsWith('.js')
const ROOT = resolve(import.meta.dirname, BUILT ? '../../../..' : '../../..')
const POM = join(ROOT, 'test/local/kafka/pom.xml')
const CACHE = join(ROOT, '.kafka')
const LEAST_JAVA = 17

const run = promisify(execFile)

/** The folder of the jars. @throws Error in one sentence when Java or Maven is missing, or nothing can be fetched */
export async function kafkaJars(say: Say = () => {}): Promise<string> {
  await needJava()
  const key = createHash('sha256')
    .update(await readFile(POM))
    .digest('hex')
    .slice(0, 16)
  const jars = join(CACHE, key)
  if (await exists(jars)) return jars
  await mkdir(CACHE, { recursive: true })
  await waitForOthers(say)
  try {
    if (!(await exists(jars))) await fetchInto(jars, say)
  } finally {
    await rm(join(CACHE, 'owner'), { force: true })
  }
  return jars
}

async function needJava(): Promise<void> {
  const said = await run('java', ['-version']).then(
    ({ stderr }) => stderr,
    () => undefined,
  )
  if (said === undefined) throw new Error(`Kafka needs Java ${LEAST_JAVA} or later, and there is no java on the PATH.`)
  const version = Number(/version "(\d+)/.exec(said)?.[1])
  if (version < LEAST_JAVA) throw new Error(`Kafka needs Java ${LEAST_JAVA} or later; java on the PATH is ${version}.`)
}

async function waitForOthers(say: Say): Promise<void> {
  let told = false
  for (;;) {
    const other = await takeOwnership(join(CACHE, 'owner'))
    if (other === undefined) return
    if (!told) say(`Process ${other} fetches Kafka at this moment; waiting for it`)
    told = true
    await sleep(250)
  }
}

/** Beside their place and then moved in: a fetch that was interrupted is never taken for a whole one. */
async function fetchInto(jars: string, say: Say): Promise<void> {
  for (const name of await readdir(CACHE)) {
    if (name.startsWith('half-')) await rm(join(CACHE, name), { recursive: true, force: true })
  }
  // Of our own: the Maven of a killed process may still be writing to its half.
  const half = join(CACHE, `half-${process.pid}`)
  say('Fetching Kafka by Maven, some 45 MB; this happens once')
  await maven(['dependency:copy-dependencies', `-DoutputDirectory=${half}`, '-DincludeScope=runtime'], say)
  await rename(half, jars)
}

async function maven(words: string[], say: Say): Promise<void> {
  const child = spawn('mvn', ['-B', '-Dstyle.color=never', '-f', POM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
  const end = () => child.kill('SIGTERM')
  process.once('exit', end)
  const errors: string[] = []
  let files = 0
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      if (line.startsWith('[ERROR]')) errors.push(line.slice('[ERROR]'.length).trim())
      if (/\bDownloaded\b/.test(line)) files++
    })
  }
  const progress = setInterval(() => say(`Fetching Kafka: ${files} files so far`), 3_000)
  try {
    const code = await new Promise((done, fail) => child.once('close', done).once('error', fail))
    if (code !== 0) throw new Error(`Maven could not fetch Kafka: ${errors[0] ?? `it ended with ${code}`}`)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('Kafka is fetched by Maven, and there is no mvn on the PATH.')
  } finally {
    clearInterval(progress)
    process.off('exit', end)
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
