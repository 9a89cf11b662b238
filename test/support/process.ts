/** Coiltrail as a process of its own, for specs that kill it and for programs that put it under load. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Role } from '#platform/identity/roles'
import { httpClient, type TestHttp } from './http.js'

/** Specs run from source; what runs from the build starts the build. */
const BUILT = import.meta.filename.endsWith('.js')
const ROOT = resolve(import.meta.dirname, BUILT ? '../../..' : '../..')
const KEPT_CHARACTERS = 200_000
const commandOf = (program: string) =>
  BUILT
    ? `--disable-warning=TimeoutNegativeWarning --enable-source-maps dist/${program}.js`
    : `--disable-warning=TimeoutNegativeWarning --import ./test/support/typescript.mjs ./${program}.ts`

export interface CoiltrailProcess {
  readonly url: string
  readonly pid: number
  readonly http: TestHttp
  token(role: Role): string
  /** What it has written so far, both streams; of much, the end. */
  output(): string
  /** Sends the signal and waits for the end; answers the exit code, null if the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts on the data folder and waits until it is ready. The tokens of the folder's first start are kept beside it. */
export async function startCoiltrail(folder: string, environment: Record<string, string> = {}) {
  const tokensFile = `${resolve(folder)}.tokens.json`
  const child = spawnCoiltrail({ COILTRAIL_DATA: folder, COILTRAIL_TOKENS_FILE: tokensFile, PORT: '0', ...environment })
  const url = await readyAt(child)
  const tokens = JSON.parse(await readFile(tokensFile, 'utf8')) as Record<Role, string>
  const token = (role: Role) => tokens[role]
  return {
    url,
    pid: child.process.pid!,
    http: httpClient(url, token),
    token,
    output: child.output,
    async end(signal: NodeJS.Signals) {
      child.process.kill(signal)
      return child.ended
    },
  } satisfies CoiltrailProcess
}

export interface Spawned {
  readonly process: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
}

/** Without waiting for anything: for starts that must fail. `wrap` runs the command by way of another program. */
export function spawnCoiltrail(environment: Record<string, string>, wrap?: (command: string) => string[]): Spawned {
  return spawnApp('standalone', environment, wrap)
}

/** The same for any app. */
export function spawnApp(
  app: string,
  environment: Record<string, string>,
  wrap?: (command: string) => string[],
): Spawned {
  return spawnProgram(`apps/${app}/src/main`, environment, wrap)
}

/** What `npm run start:distributed` runs. */
export function spawnDistributed(environment: Record<string, string>, wrap?: (command: string) => string[]): Spawned {
  return spawnProgram('test/local/main', environment, wrap)
}

function spawnProgram(
  path: string,
  environment: Record<string, string>,
  wrap: (command: string) => string[] = (command) => command.split(' '),
): Spawned {
  const [program, ...words] = wrap(`${process.execPath} ${commandOf(path)}`)
  const child = spawn(program!, words, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...environment },
    // By the channel it hears that we are gone, and ends; without it, whoever is killed leaves it running.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let output = ''
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      output = endOf(output + chunk)
    })
  }
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)))
  return { process: child, ended, output: () => output }
}

/** The end of what a process said, for one that runs for days; cut rarely, since every cut copies what stays. */
export function endOf(said: string): string {
  return said.length > 2 * KEPT_CHARACTERS ? said.slice(-KEPT_CHARACTERS) : said
}

/** @throws Error with what it said, if it ends before it is ready */
export async function readyAt({ process: child, ended, output }: Spawned): Promise<string> {
  return new Promise((done, fail) => {
    const look = () => {
      const url = /is ready at (http:\/\/[^/\s]+)/.exec(output())?.[1]
      if (!url) return
      child.stdout?.off('data', look)
      done(url)
    }
    child.stdout?.on('data', look)
    void ended.then((code) => fail(new Error(`Coiltrail ended with ${code} before it was ready:\n${output()}`)))
  })
}
