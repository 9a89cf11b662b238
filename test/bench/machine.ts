/** What the numbers were measured on: without it they say nothing. */
import { execFileSync } from 'node:child_process'
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from 'node:os'
import pg from 'pg'

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly system: string
  readonly node: string
  readonly postgres: string
  /** What was durable means. */
  readonly fsync: string
  readonly commit: string
  /** Load average of the last minute before the run: well above zero, the machine had other work. */
  readonly loadBefore: number
}

export async function machineOf(databaseUrl: string): Promise<Machine> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const show = async (name: string) =>
      (await client.query(`SELECT current_setting('${name}') AS value`)).rows[0].value
    return {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryGb: Math.round(totalmem() / 2 ** 30),
      system: `${platform()} ${release()} ${arch()}`,
      node: process.version,
      postgres: await show('server_version'),
      fsync: `fsync ${await show('fsync')}, synchronous_commit ${await show('synchronous_commit')}`,
      commit: commitHere(),
      loadBefore: Math.round(loadavg()[0]! * 10) / 10,
    }
  } finally {
    await client.end()
  }
}

function commitHere(): string {
  try {
    const git = (...words: string[]) => execFileSync('git', words, { encoding: 'utf8', stdio: 'pipe' }).trim()
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') ? ' and changes' : ''}`
  } catch {
    return 'not a git checkout'
  }
}
