/** The whole product, durable, on a folder and a port that outlive its processes, to be killed and started again. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { DATABASE, urlOf } from '#platform/postgres/layout'
import { isAlive } from '#platform/postgres/processes'
import { type CoiltrailProcess, spawnCoiltrail, startCoiltrail } from '../support/process.js'
import { killNow, processesOf } from './kill-postgres.js'

/** What is killed: the process of the product, its PostgreSQL with every backend, or both at once. */
export type Victim = 'product' | 'postgres' | 'both'

const AWAY_AT_MOST_MS = 120_000

export class MortalCoiltrail {
  #said = ''

  private constructor(
    private readonly folder: string,
    private readonly port: number,
    private process: CoiltrailProcess,
  ) {}

  static async start(): Promise<MortalCoiltrail> {
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-chaos-'))
    // PostgreSQL may run as another user than we do.
    await chmod(folder, 0o711)
    const port = await freePort()
    return new MortalCoiltrail(folder, port, await startCoiltrail(folder, { PORT: String(port) }))
  }

  /** The same for all its lives. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get http() {
    return this.process.http
  }

  token: CoiltrailProcess['token'] = (role) => this.process.token(role)

  /** What all its processes have written so far. */
  output(): string {
    return this.#said + this.process.output()
  }

  /**
   * SIGKILL; resolves when the product answers again, on a PostgreSQL that was started anew.
   * @param falseStartMs the product is killed once more so long after it was started again
   */
  async kill(victim: Victim, falseStartMs?: number): Promise<void> {
    const postmaster = await this.#postmaster()
    const backends = victim === 'product' ? [] : await processesOf(postmaster)
    const ended = victim === 'postgres' ? undefined : this.process.end('SIGKILL')
    for (const pid of backends) killNow(pid)
    if (ended) {
      await ended
      if (falseStartMs !== undefined) await this.#beginInVain(falseStartMs)
      await this.#begin()
    }
    const until = Date.now() + AWAY_AT_MOST_MS
    while (isAlive(postmaster) || (await this.#status()) !== 200) {
      if (Date.now() > until)
        throw new Error(`Coiltrail did not come back after the kill of ${victim}:\n${this.output()}`)
      await sleep(50)
    }
  }

  /** As a user would: asked to stop, and started again. */
  async restart(): Promise<void> {
    const code = await this.process.end('SIGTERM')
    if (code !== 0) throw new Error(`Coiltrail ended with ${code} when it was asked to stop:\n${this.output()}`)
    await this.#begin()
  }

  /** Its tables, past the product. */
  async database(): Promise<pg.Pool> {
    const password = (await readFile(join(this.folder, 'postgres-password'), 'utf8')).trim()
    const port = Number(await readFile(join(this.folder, 'postgres-port'), 'utf8'))
    const pool = new pg.Pool({ connectionString: urlOf(password, port, DATABASE), max: 2 })
    pool.on('error', () => {})
    return pool
  }

  async end(): Promise<void> {
    await this.process.end('SIGTERM')
    await rm(this.folder, { recursive: true, force: true })
    await rm(`${this.folder}.tokens.json`, { force: true })
  }

  async #begin(): Promise<void> {
    this.#said += this.process.output()
    this.process = await startCoiltrail(this.folder, { PORT: String(this.port) })
  }

  async #beginInVain(ms: number): Promise<void> {
    const start = spawnCoiltrail({ COILTRAIL_DATA: this.folder, PORT: String(this.port) })
    await Promise.race([sleep(ms), start.ended])
    start.process.kill('SIGKILL')
    await start.ended
    this.#said += start.output()
  }

  async #status(): Promise<number> {
    try {
      return (await this.http.get('/api/health/ready', { as: null })).status
    } catch {
      return 0
    }
  }

  async #postmaster(): Promise<number> {
    const file = join(this.folder, 'postgres', 'postmaster.pid')
    return Number((await readFile(file, 'utf8')).split('\n')[0])
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer().once('error', fail)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => done(port))
    })
  })
}
