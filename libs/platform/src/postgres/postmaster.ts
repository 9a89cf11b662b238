/** PostgreSQL's own process on a folder: started, watched, stopped. */
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { rm, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DATABASE, environment, readText, urlOf } from './layout.js'
import { settingsOf } from './postgres-settings.js'
import type { Programs, RunAs } from './postgres-user.js'

const LOG_LIMIT_BYTES = 20 * 1024 * 1024

export interface PostmasterOptions {
  /** False only for tests that throw the database away: nothing is forced to disk then. */
  readonly durable?: boolean
  /** Is told in one sentence what happens: first start, restart after a crash. */
  readonly say?: (sentence: string) => void
}

/** One running postmaster, started again whenever it ends without being asked to. */
export class Postmaster {
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
    private readonly options: PostmasterOptions,
  ) {}

  pid(): number | undefined {
    return this.child?.pid
  }

  async start(): Promise<void> {
    this.port = await choosePort(join(this.folder, 'postgres-port'))
    this.url = this.urlOf(DATABASE)
    const logFile = join(this.folder, 'postgres.log')
    if (((await stat(logFile).catch(() => undefined))?.size ?? 0) > LOG_LIMIT_BYTES) await truncate(logFile)
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
    const patience = Date.now() + 30_000
    for (;;) {
      const said = (await this.log()).length
      const child = await this.spawn()
      this.child = child
      if (await this.answers(child)) {
        child.once('exit', (code, signal) => this.lost(code, signal))
        // It may have gone between its answer and the listener.
        if (child.exitCode !== null || child.signalCode !== null) this.lost(child.exitCode, child.signalCode)
        return
      }
      const complaint = (await this.log()).slice(said)
      // After a SIGKILL the old backends hold the shared memory for a moment; a new postmaster waits for them to go.
      const passing = /shared memory block .* still in use/.test(complaint)
      if (this.stopping || !passing || Date.now() > patience) throw new Error(this.whyNot(complaint))
      await sleep(250)
    }
  }

  private async spawn(): Promise<ChildProcess> {
    const logFile = join(this.folder, 'postgres.log')
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

  private async log(): Promise<string> {
    return (await readText(join(this.folder, 'postgres.log'))) ?? ''
  }

  private whyNot(complaint: string): string {
    const reasons = complaint.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT|DETAIL/.test(line))
    return `PostgreSQL does not start on ${this.folder}: ${reasons.slice(-3).join(' ') || 'see postgres.log there'}`
  }

  private urlOf(database: string): string {
    return urlOf(this.password, this.port, database)
  }
}

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
