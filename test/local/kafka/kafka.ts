/**
 * A real Kafka on this machine, without containers: one broker that is its own controller, on 127.0.0.1 alone. All
 * that it keeps is in the folder, so it can be killed and started again:
 *
 *     <folder>/data                what is in the topics
 *     <folder>/server.properties   written anew at each start
 *     <folder>/secured.pem         key and certificate of the way by TLS, if there is one
 *     <folder>/port                of the broker, kept from start to start
 *     <folder>/kafka.pid           of the broker that was started last
 *     <folder>/kafka.log           what Kafka says
 *     <folder>/owner               the process that may use this folder now
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { readText } from '#platform/postgres/layout'
import { commandLine, goneWithin, isAlive, takeOwnership } from '#platform/postgres/processes'
import { kafkaJars } from './jars.js'
import { isFree, somePort } from './ports.js'
import { type Line, type Secured, settings } from './settings.js'

const START_PATIENCE_MS = 60_000
const STOP_PATIENCE_MS = 20_000
const LOG_LIMIT_BYTES = 20 * 1024 * 1024

/**
 * Runs the words after it as Kafka, in its own process, and kills that process when its standard input closes: which
 * happens when the process that started it ends, however that ends.
 */
const UNTIL_PARENT_ENDS = 'exec 3<&0 </dev/null; (cat <&3; kill -KILL $$) >/dev/null 2>&1 & exec 3<&-; exec "$@"'

export interface LocalKafkaOptions {
  /** Made if it does not exist. */
  readonly folder: string
  /** Of the broker; otherwise that of the last time, at first any free one. */
  readonly port?: number
  readonly heapMb?: number
  /** Further ways to the broker, for networks that are to fail. */
  readonly lines?: readonly Line[]
  /** Its user is made with the folder. */
  readonly secured?: Secured
  /** Is told in one sentence what takes long. */
  readonly say?: (sentence: string) => void
  /** Is told why when Kafka ends, once it was ready, without `stop` or `kill`. */
  readonly onLost?: (reason: string) => void
}

export interface LocalKafka {
  /** `127.0.0.1:9092`, as in KAFKA_BROKERS; stays the same for as long as the folder is there. */
  readonly brokers: string
  pid(): number
  /** Writes everything out and frees the folder. */
  stop(): Promise<void>
  /** By SIGKILL; what was acknowledged is there after `restart`. */
  kill(): void
  /** Stops it if it runs, and starts it again at the same port. */
  restart(): Promise<void>
}

/** Answers when clients are served. @throws Error in words when Kafka cannot be had, or does not start */
export async function startKafka(options: LocalKafkaOptions): Promise<LocalKafka> {
  const folder = resolve(options.folder)
  const jars = await kafkaJars(options.say)
  await mkdir(folder, { recursive: true })
  const owner = await takeOwnership(join(folder, 'owner'))
  if (owner !== undefined) throw new Error(`The folder ${folder} is in use by process ${owner}: stop that one first.`)
  try {
    await endLeftover(folder)
    const fresh = options.port === undefined && (await readText(join(folder, 'port'))) === undefined
    return await started(folder, jars, options).catch(async (error) => {
      // Between the look at a free port and listening there, another program may have taken it.
      if (!fresh) throw error
      options.say?.(`${error.message}; tries once more at another port`)
      await rm(join(folder, 'port'))
      return started(folder, jars, options)
    })
  } catch (error) {
    await rm(join(folder, 'owner'), { force: true })
    throw error
  }
}

async function started(folder: string, jars: string, options: LocalKafkaOptions): Promise<Broker> {
  const broker = new Broker(folder, jars, await choosePort(folder, options.port), options)
  await broker.start()
  return broker
}

class Broker implements LocalKafka {
  readonly brokers: string
  private child!: ChildProcess
  private meantToEnd = false

  constructor(
    private readonly folder: string,
    private readonly jars: string,
    private readonly port: number,
    private readonly options: LocalKafkaOptions,
  ) {
    this.brokers = `127.0.0.1:${port}`
  }

  pid(): number {
    return this.child.pid!
  }

  async start(): Promise<void> {
    if (!(await isFree(this.port))) throw new Error(`Port ${this.port} on 127.0.0.1 is in use by another program.`)
    const { lines = [], secured } = this.options
    const others = secured ? [...lines, secured] : lines
    const controller = await somePort(this.port, ...others.map(({ listens }) => listens))
    const ports = { broker: this.port, controller, lines, secured }
    if (secured) await writeFile(this.file('secured.pem'), secured.key + secured.certificate, { mode: 0o600 })
    await writeFile(this.file('server.properties'), settings(ports))
    await this.formatStorage()
    const log = await this.shortLog()
    this.meantToEnd = false
    const child = this.java(['kafka.Kafka', this.file('server.properties')], this.options.heapMb ?? 256)
    this.child = child
    await new Promise((done, fail) => child.once('spawn', done).once('error', fail))
    await writeFile(this.file('kafka.pid'), `${child.pid}\n`)
    try {
      await this.ready(child, log)
    } catch (error) {
      await this.end('SIGKILL')
      throw error
    }
    child.once('exit', (code, signal) => {
      if (!this.meantToEnd)
        this.options.onLost?.(`Kafka ended (${signal ?? `code ${code}`}): see ${this.file('kafka.log')}`)
    })
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM')
    await rm(this.file('kafka.pid'), { force: true })
    await rm(this.file('owner'), { force: true })
  }

  kill(): void {
    this.meantToEnd = true
    this.child.kill('SIGKILL')
  }

  async restart(): Promise<void> {
    await this.end('SIGTERM')
    await this.start()
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.meantToEnd = true
    if (!runs(this.child)) return
    const gone = new Promise((done) => this.child.once('exit', done))
    this.child.kill(signal)
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), STOP_PATIENCE_MS)
    await gone
    clearTimeout(impatience)
  }

  /** Kafka writes meta.properties last: without it the storage is not there, or not whole. */
  private async formatStorage(): Promise<void> {
    if (await stat(this.file('data/meta.properties')).catch(() => undefined)) return
    const log = await this.shortLog()
    // With a letter first: one that begins with a dash would be taken for an option.
    const cluster = `C${randomBytes(16).toString('base64url').slice(1)}`
    const words = ['format', '--ignore-formatted', '--cluster-id', cluster, '--config', this.file('server.properties')]
    const { secured } = this.options
    if (secured) words.push('--add-scram', `SCRAM-SHA-512=[name=${secured.username},password=${secured.password}]`)
    const child = this.java(['kafka.tools.StorageTool', ...words], 64)
    const code = await new Promise((done, fail) => child.once('exit', done).once('error', fail))
    if (code !== 0) throw new Error(await this.whyNot(log))
  }

  private java(words: string[], heapMb: number): ChildProcess {
    const log = openSync(this.file('kafka.log'), 'a', 0o600)
    const options = [
      '-Xms64m',
      `-Xmx${heapMb}m`,
      '-XX:+UseSerialGC',
      // Up in two thirds of the processor time; its later speed is not what anything here waits for.
      '-XX:TieredStopAtLevel=1',
      '-XX:+ExitOnOutOfMemoryError',
      // Both would leave files in the temporary folder after SIGKILL.
      '-XX:-UsePerfData',
      '-Djava.io.tmpdir=.',
      '-Djava.net.preferIPv4Stack=true',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS',
    ]
    const command = ['java', ...options, '-cp', join(this.jars, '*'), ...words]
    const child = spawn('/bin/sh', ['-c', UNTIL_PARENT_ENDS, 'kafka', ...command], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
      // Detached: Ctrl-C in a terminal must reach us alone, or Kafka is gone before its clients are.
      detached: true,
      stdio: ['pipe', log, log],
    })
    closeSync(log)
    return child
  }

  private async ready(child: ChildProcess, log: number): Promise<void> {
    const end = Date.now() + START_PATIENCE_MS
    while (!(await this.describesItself())) {
      if (!runs(child)) throw new Error(await this.whyNot(log))
      if (Date.now() > end)
        throw new Error(`${await this.whyNot(log)}, and it took more than ${START_PATIENCE_MS / 1000} s`)
      await sleep(50)
    }
    // Another program's broker may have taken the port, and answered.
    if (!runs(child)) throw new Error(await this.whyNot(log))
  }

  private async describesItself(): Promise<boolean> {
    const admin = new Kafka({
      brokers: [this.brokers],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1_000,
      requestTimeout: 5_000,
      retry: { retries: 0 },
    }).admin()
    try {
      await admin.connect()
      const cluster = await admin.describeCluster()
      return cluster.brokers.length === 1
    } catch {
      return false
    } finally {
      await admin.disconnect()
    }
  }

  /** How long the log is now. */
  private async shortLog(): Promise<number> {
    const bytes = (await stat(this.file('kafka.log')).catch(() => undefined))?.size ?? 0
    if (bytes <= LOG_LIMIT_BYTES) return bytes
    await truncate(this.file('kafka.log'))
    return 0
  }

  private async whyNot(logBefore: number): Promise<string> {
    const complaint = (await readFile(this.file('kafka.log'))).subarray(logBefore).toString()
    const reasons = complaint
      .split('\n')
      .filter((line) => /^Caused by|Exception: |Error: |^Error|^Could not/.test(line))
    const said = reasons.at(-1)?.trim() || complaint.trim().slice(-300) || 'it said nothing in kafka.log there'
    return `Kafka does not start on ${this.folder}: ${said}`
  }

  private file(name: string): string {
    return join(this.folder, name)
  }
}

function runs(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** A broker on this folder that is not ours: its parent was killed, and it is about to be. */
async function endLeftover(folder: string): Promise<void> {
  const pid = Number(await readText(join(folder, 'kafka.pid')))
  if (!pid || !isAlive(pid)) return
  // The id may have been given to another program since.
  if (!(await commandLine(pid)).includes(join(folder, 'server.properties'))) return
  process.kill(pid, 'SIGKILL')
  if (!(await goneWithin(pid, 10_000))) throw new Error(`Kafka (process ${pid}) still runs on ${folder}: end it first.`)
}

async function choosePort(folder: string, wanted?: number): Promise<number> {
  const kept = Number(await readText(join(folder, 'port')))
  const port = wanted ?? (kept || (await somePort()))
  if (port !== kept) await writeFile(join(folder, 'port'), `${port}\n`)
  return port
}
