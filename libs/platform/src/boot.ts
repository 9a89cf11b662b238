/** A process from start to end: settings, database, app, and on SIGTERM or Ctrl-C all of it again in reverse. */
import './this-node.js'
import 'reflect-metadata'
import { Logger, type Type } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import pg from 'pg'
import { type Config, readConfig } from './config.js'
import { createApp } from './http/create-app.js'
import { PlainLogger } from './plain-logger.js'
import { dataFolder } from './postgres/data-folder.js'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded.js'

/** Longest time that requests in flight may take to finish once we are told to stop. */
const DRAIN_MS = 15_000
const TWICE_MS = 1_000

/** What an app has to say once it can be reached at `origin`. */
export type Welcome = (app: NestFastifyApplication, origin: string, say: (sentence: string) => void) => Promise<void>

/** Runs the module as a process of its own under `name`. A fault at start is told in a sentence, and exits with 1. */
export async function boot(module: Type, name: string, welcome?: Welcome): Promise<void> {
  const running: Running = {}
  stopOnSignal(running)
  try {
    await start(module, name, running, welcome)
  } catch (error) {
    // What else was starting now loses its database, and would bury the one sentence that matters.
    Logger.overrideLogger(false)
    await running.app?.close().catch(() => {})
    await running.postgres?.stop()
    process.stderr.write(`\n${name} cannot start. ${inWords(error)}\n`)
    process.exit(1)
  }
}

interface Running {
  app?: NestFastifyApplication
  postgres?: EmbeddedPostgres
}

async function start(module: Type, name: string, running: Running, welcome?: Welcome): Promise<void> {
  const config = readConfig(process.env)
  const logger = new PlainLogger(config.LOG_LEVEL)
  Logger.overrideLogger(logger)
  say(`Starting ${name}`)
  const databaseUrl = config.DATABASE_URL ?? (await embedded(config, running))
  await mustAnswer(databaseUrl)
  say('Database is ready; preparing tables and routes')
  const app = await createApp(module, { config, databaseUrl, logger })
  running.app = app
  await app.listen(config.PORT, config.HOST)
  const { port } = app.getHttpServer().address() as { port: number }
  const host = ['0.0.0.0', '::', '127.0.0.1', '::1'].includes(config.HOST) ? 'localhost' : config.HOST
  if (host === 'localhost' && config.HOST.includes('1')) {
    say('Only this machine can reach it; HOST=0.0.0.0 lets tablets and scanners in')
  }
  const here = `http://${host}:${port}`
  await welcome?.(app, config.PUBLIC_URL ?? here, say)
  say(`${name} is ready at ${here}/api/docs`)
}

async function embedded(config: Config, running: Running): Promise<string> {
  const folder = await dataFolder(config)
  say(`Starting PostgreSQL in ${folder}`)
  const logger = new Logger('PostgreSQL')
  let up = false
  running.postgres = await startEmbeddedPostgres({
    folder,
    say: (sentence) => (up ? logger.warn(sentence) : say(sentence)),
  })
  up = true
  return running.postgres.url
}

async function mustAnswer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  try {
    await client.connect()
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num')
    if (Number(rows[0]?.server_version_num) < 150_000) throw new Error('it is older than PostgreSQL 15')
  } catch (error) {
    // Without the address: it holds the password.
    throw new Error(`The PostgreSQL of DATABASE_URL cannot be used: ${inWords(error)}`, { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}

function stopOnSignal(running: Running): void {
  whenAskedToEnd(['SIGTERM', 'SIGINT'], () => {
    stop(running).then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`Stopping failed: ${inWords(error)}\n`)
        process.exit(1)
      },
    )
  })
}

/** Calls `end` once: at a signal, or when what started this process is gone, be it npm or a program of ours. */
export function whenAskedToEnd(signals: readonly NodeJS.Signals[], end: () => void): void {
  let since = 0
  const asked = () => {
    if (since > 0) {
      // A second Ctrl-C is from somebody who does not want to wait; npm passes the first one on a second time.
      if (performance.now() - since > TWICE_MS) process.exit(130)
      return
    }
    since = performance.now()
    end()
  }
  for (const signal of signals) process.on(signal, asked)
  if (process.env.npm_lifecycle_event) whenOrphaned(asked)
  if (process.channel) whenCutOff(asked)
}

/** A SIGTERM to `npm start` ends npm and its shell, and reaches us as nothing but another parent. */
function whenOrphaned(asked: () => void): void {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    asked()
  }, 500)
  watch.unref()
}

/** A program that started us with a channel holds its other end: it closes however that program ends, SIGKILL too. */
function whenCutOff(asked: () => void): void {
  process.once('disconnect', asked)
  process.channel?.unref()
  // It may have read what we say as well; a line that nobody reads must not end us in the middle of stopping.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

async function stop({ app, postgres }: Running): Promise<void> {
  say('Stopping: finishing what is under way')
  const late = setTimeout(() => app?.getHttpServer().closeAllConnections(), DRAIN_MS)
  await app?.close()
  clearTimeout(late)
  // A connection that was given back a moment ago may still hear the server's farewell; it is nobody's loss.
  Logger.overrideLogger(false)
  await postgres?.stop()
  say('Stopped')
}

/** A fault at start as a sentence that says what to do, where one is known. */
export function inWords(error: unknown): string {
  const { code, message, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'EADDRINUSE') return `Port ${port} is taken by another program: set PORT to a free one.`
  if (code === 'EACCES' && port) return `Port ${port} may not be used by this user: set PORT to one above 1023.`
  if (error instanceof AggregateError) return error.errors.map(inWords).join('; ')
  return message || String(error)
}

function say(sentence: string): void {
  process.stdout.write(`${sentence}\n`)
}
