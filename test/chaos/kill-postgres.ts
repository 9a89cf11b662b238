/** SIGKILL to a whole PostgreSQL: its postmaster, and every backend and worker, which are the postmaster's children. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Before the first of them falls: a postmaster that sees a backend die would end the others by itself. */
export async function processesOf(postmaster: number): Promise<number[]> {
  return [postmaster, ...(await childrenOf(postmaster))]
}

export function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    // A backend that ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid='])
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, ppid]) => (ppid === parent ? [pid!] : []))
}
