/** Where the embedded PostgreSQL of this installation is, for the process that runs it and for programs beside it. */
import { createHash } from 'node:crypto'
import { basename, join, resolve } from 'node:path'
import type { Config } from '../config.js'
import { DATABASE, readText, urlOf } from './layout.js'
import { postgresUser, sharedFolder, unreachablePart } from './postgres-user.js'

/**
 * COILTRAIL_DATA, or `.coiltrail` where Coiltrail is started. A root who keeps Coiltrail inside a private home gets a
 * folder under /var/lib instead, always the same one, because PostgreSQL's user may not enter that home.
 */
export async function dataFolder({ COILTRAIL_DATA }: Pick<Config, 'COILTRAIL_DATA'>): Promise<string> {
  if (COILTRAIL_DATA) return resolve(COILTRAIL_DATA)
  const here = resolve('.coiltrail')
  const who = await postgresUser()
  if (!(await unreachablePart(here, who))) return here
  const place = process.cwd()
  const mark = createHash('sha256').update(place).digest('hex').slice(0, 8)
  return join(await sharedFolder(who), `${basename(place)}-${mark}`)
}

/** The database of a Coiltrail that runs: how a program of ours beside it (tokens, rebuild) reaches it. */
export async function runningDatabaseUrl(config: Pick<Config, 'COILTRAIL_DATA' | 'DATABASE_URL'>): Promise<string> {
  if (config.DATABASE_URL) return config.DATABASE_URL
  const folder = await dataFolder(config)
  const password = await readText(join(folder, 'postgres-password'))
  const port = await readText(join(folder, 'postgres-port'))
  if (!password || !port) throw new Error(`There is no database in ${folder} yet: start Coiltrail first.`)
  return urlOf(password.trim(), Number(port), DATABASE)
}
