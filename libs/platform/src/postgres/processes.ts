/** Which process is which, across restarts: a process id alone may belong to another program by now. */
import { execFile } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** True when the process was gone within the time. */
export async function goneWithin(pid: number, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds
  while (isAlive(pid)) {
    if (Date.now() > end) return false
    await sleep(25)
  }
  return true
}

/** What distinguishes this process from a later one with the same id; undefined when the machine does not tell. */
async function startedAt(pid: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The name in brackets may hold spaces; after it, the 20th field is the start time in clock ticks since boot.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return run('ps', ['-o', 'lstart=', '-p', String(pid)]).then(
      ({ stdout }) => stdout.trim(),
      () => undefined,
    )
  }
}

export async function commandLine(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ')
  } catch {
    return run('ps', ['-o', 'command=', '-p', String(pid)]).then(
      ({ stdout }) => stdout,
      () => '',
    )
  }
}

/** Takes the file as a sign that this process owns the folder; answers the id of the living owner if there is one. */
export async function takeOwnership(file: string): Promise<number | undefined> {
  const sign = JSON.stringify({ pid: process.pid, started: await startedAt(process.pid) })
  for (;;) {
    try {
      await writeFile(file, sign, { flag: 'wx', mode: 0o600 })
      // Another that found the same stale sign may remove ours for it: whose sign stays is the owner.
      await sleep(50)
      if ((await readFile(file, 'utf8').catch(() => '')) === sign) return undefined
      continue
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = await livingOwner(file)
    if (owner !== undefined) return owner
    await rm(file, { force: true })
  }
}

/** The process that took the file, if that very process still lives. */
export async function livingOwner(file: string): Promise<number | undefined> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const owner = /^\{"pid":(\d+)(?:,"started":"([^"]*)")?\}$/.exec(text)
    if (owner) {
      const pid = Number(owner[1])
      return isAlive(pid) && owner[2] === (await startedAt(pid)) ? pid : undefined
    }
    // Empty for the moment between making and writing it; for good after a power cut.
    await sleep(50)
  }
  return undefined
}
