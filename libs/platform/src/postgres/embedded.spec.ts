import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { notRun } from '#test/support/not-run'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded.js'
import { makePool } from './pool.js'
import { isAlive } from './processes.js'

describe('The embedded PostgreSQL', () => {
  let folder: string
  const running: EmbeddedPostgres[] = []
  const start = async (say?: (sentence: string) => void) => {
    const postgres = await startEmbeddedPostgres({ folder, say })
    running.push(postgres)
    return postgres
  }
  const ask = async (url: string, sql: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query(sql)).rows
    } finally {
      await client.end()
    }
  }

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-spec-'))
    await chmod(folder, 0o711)
  })
  afterEach(async () => {
    for (const postgres of running.splice(0)) await postgres.stop()
    await rm(folder, { recursive: true })
  })

  it('keeps what was written, on the same port and with the same password, and forces it to disk', async () => {
    const first = await start()
    await ask(first.url, 'CREATE TABLE coil (number text)')
    await ask(first.url, `INSERT INTO coil VALUES ('AZ-1')`)
    await first.stop()

    const second = await start()
    expect(second.url).toBe(first.url)
    expect(await ask(second.url, 'SELECT number FROM coil')).toEqual([{ number: 'AZ-1' }])
    expect(
      await ask(
        second.url,
        `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS sync,
      current_setting('full_page_writes') AS pages, current_setting('data_checksums') AS checksums`,
      ),
    ).toEqual([{ fsync: 'on', sync: 'on', pages: 'on', checksums: 'on' }])
  })

  it('listens on this machine alone and lets nobody in without the password, which only its user can read', async () => {
    const { url } = await start()
    expect(await ask(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    const wrong = new URL(url)
    wrong.password = 'guess'
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed')
    expect((await stat(join(folder, 'postgres-password'))).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'postgres'))).mode & 0o777).toBe(0o700)
  })

  it('takes another port when that of the last time is taken by now', async () => {
    const first = await start()
    await first.stop()
    const squatter = createServer().listen(Number(new URL(first.url).port), '127.0.0.1')
    await once(squatter, 'listening')
    const second = await start()
    expect(second.url).not.toBe(first.url)
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    squatter.close()
  })

  it('comes back by itself when it is killed, with everything that was acknowledged, and pools go on', async () => {
    const sentences: string[] = []
    const postgres = await start((sentence) => sentences.push(sentence))
    const pool = makePool(postgres.url, 'spec', 4)
    await pool.query('CREATE TABLE coil (n int PRIMARY KEY)')
    let acknowledged = 0
    let last = 0
    const killed = postgres.pid()!
    const end = Date.now() + 2_000
    while (Date.now() < end) {
      if (last === 100) process.kill(killed, 'SIGKILL')
      try {
        await pool.query('INSERT INTO coil VALUES ($1)', [++last])
        acknowledged++
      } catch {
        await sleep(20)
      }
    }
    const { rows } = await pool.query('SELECT count(*)::int AS kept FROM coil')
    // One whose answer was lost on the way may be there as well.
    expect(rows[0].kept - acknowledged).toBeLessThanOrEqual(1)
    expect(rows[0].kept).toBeGreaterThanOrEqual(acknowledged)
    expect(acknowledged).toBeGreaterThan(120)
    expect(postgres.pid()).not.toBe(killed)
    expect(sentences.slice(-2)).toEqual(['PostgreSQL ended (SIGKILL); starting it again', 'PostgreSQL is back'])
    await pool.end()
  })

  it('is stopped first when the process that started it was killed and left it running', async () => {
    const child = spawn(
      process.execPath,
      [
        '--import',
        join(import.meta.dirname, '../../../../test/support/typescript.mjs'),
        '--input-type=module',
        '--eval',
        `const { startEmbeddedPostgres } = await import('${import.meta.dirname}/embedded.ts')
         const postgres = await startEmbeddedPostgres({ folder: '${folder}' })
         console.log(postgres.pid(), postgres.url)
         setInterval(() => {}, 1000)`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const [line] = await once(child.stdout, 'data')
    const [pid, url] = String(line).trim().split(' ') as [string, string]
    await ask(url, 'CREATE TABLE coil (number text)')
    await expect(start()).rejects.toThrow(
      `The folder ${folder} is in use by process ${child.pid}: stop that one first.`,
    )

    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(isAlive(Number(pid))).toBe(true)
    await ask(url, `INSERT INTO coil VALUES ('AZ-1')`)

    const postgres = await start()
    expect(isAlive(Number(pid))).toBe(false)
    expect(postgres.pid()).not.toBe(Number(pid))
    expect(await ask(postgres.url, 'SELECT number FROM coil')).toEqual([{ number: 'AZ-1' }])
  })

  it('starts on a folder whose postmaster.pid names a process that is another program by now', async () => {
    const first = await start()
    const pidFile = join(folder, 'postgres', 'postmaster.pid')
    const left = await readFile(pidFile, 'utf8')
    await first.stop()
    await writeFile(pidFile, left.replace(/^\d+/, String(process.ppid)))
    const second = await start()
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('starts anew when it was interrupted while making its files', async () => {
    await mkdir(join(folder, 'postgres.new', 'base'), { recursive: true })
    await writeFile(join(folder, 'owner'), '')
    const { url } = await start()
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  it('says at once why it does not start on files of another version', async () => {
    const postgres = await start()
    await postgres.stop()
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '12\n')
    await expect(start()).rejects.toThrow(/PostgreSQL does not start on .*: .*initialized by PostgreSQL version 12/)
  })

  it('is refused a second time on the same folder', async () => {
    await start()
    await expect(start()).rejects.toThrow(/is in use by process \d+: stop that one first/)
  })

  it('says in one sentence when its user may not enter a folder on the way', async () => {
    if (process.getuid?.() !== 0) return notRun('PostgreSQL as another user', 'only root can start it so')
    await chmod(folder, 0o700)
    await expect(startEmbeddedPostgres({ folder: join(folder, 'data') })).rejects.toThrow(
      `PostgreSQL runs as the user "postgres", who may not enter ${folder}: set COILTRAIL_DATA to a folder outside of ` +
        `it, or allow it with "chmod o+x ${folder}".`,
    )
  })
})
