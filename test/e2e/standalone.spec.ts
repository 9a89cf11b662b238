import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnCoiltrail, startCoiltrail } from '../support/process.js'

describe('Coiltrail on one machine', () => {
  let place: string
  let folder: string
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'coiltrail-spec-'))
    await chmod(place, 0o711)
    folder = join(place, 'data')
  })
  afterEach(() => rm(place, { recursive: true }))

  it('starts, stops when told, and starts again with the same keys and the same database', async () => {
    const first = await startCoiltrail(folder)
    expect((await first.http.get('/api/health/ready', { as: null })).body.status).toBe('up')
    expect((await stat(`${folder}.tokens.json`)).mode & 0o777).toBe(0o600)
    const tokens = await readFile(`${folder}.tokens.json`, 'utf8')
    expect(first.output()).not.toMatch(/ct_[a-z-]+_/)
    expect(await first.end('SIGTERM')).toBe(0)
    expect(first.output()).toMatch(/Stopping: finishing what is under way\nStopped\n$/)

    const second = await startCoiltrail(folder)
    expect(await readFile(`${folder}.tokens.json`, 'utf8')).toBe(tokens)
    expect((await second.http.get('/api/openapi.json')).status).toBe(200)
    expect(await second.end('SIGINT')).toBe(0)
  })

  it('starts again on its database after a SIGKILL that left PostgreSQL running', async () => {
    const first = await startCoiltrail(folder)
    const before = await postmaster(folder)
    expect(await first.end('SIGKILL')).toBeNull()
    expect(() => process.kill(before, 0)).not.toThrow()

    const second = await startCoiltrail(folder)
    expect(await postmaster(folder)).not.toBe(before)
    expect((await second.http.get('/api/health/ready')).body.status).toBe('up')
    await second.end('SIGTERM')
  })

  it('answers again after its PostgreSQL was killed', async () => {
    const coiltrail = await startCoiltrail(folder)
    const killed = await postmaster(folder)
    process.kill(killed, 'SIGKILL')
    const end = Date.now() + 20_000
    let status = 0
    do status = (await coiltrail.http.get('/api/health/ready')).status
    while ((status !== 200 || (await postmaster(folder)) === killed) && Date.now() < end)
    expect(status).toBe(200)
    expect(await postmaster(folder)).not.toBe(killed)
    expect(await coiltrail.end('SIGTERM')).toBe(0)
  })

  it('stops when the npm and the shell that started it were ended, though no signal reaches it', async () => {
    const environment = { COILTRAIL_DATA: folder, PORT: '0', npm_lifecycle_event: 'start' }
    const shell = spawnCoiltrail(environment, (command) => ['/bin/sh', '-c', `${command} & wait`])
    while (!shell.output().includes('is ready at') && shell.process.exitCode === null) await sleep(50)
    shell.process.kill('SIGKILL')
    // Its output stays open until Coiltrail itself is gone.
    await shell.ended
    expect(shell.output()).toMatch(/Stopped\n$/)
  })

  it('says in one sentence that its port is taken, and shows no link for an address that it does not have', async () => {
    const squatter = createServer().listen(0, '127.0.0.1')
    await once(squatter, 'listening')
    const { port } = squatter.address() as { port: number }
    const refused = spawnCoiltrail({ COILTRAIL_DATA: folder, PORT: String(port) })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toMatch(
      new RegExp(`Coiltrail cannot start. Port ${port} is taken by another program: set PORT to a free one.\n$`),
    )
    expect(refused.output()).not.toMatch(/invitation#/)
    squatter.close()
  })

  it('says in one sentence that its folder cannot be made, or its keys cannot be written', async () => {
    const noFolder = spawnCoiltrail({ COILTRAIL_DATA: '/dev/null/coiltrail', PORT: '0' })
    expect(await noFolder.ended).toBe(1)
    expect(noFolder.output()).toMatch(
      /Coiltrail cannot start. The folder for the database cannot be made: .*\/dev\/null.* Set COILTRAIL_DATA to another.\n$/,
    )
    const tokensNowhere = spawnCoiltrail({
      COILTRAIL_DATA: folder,
      COILTRAIL_TOKENS_FILE: join(place, 'nowhere', 'tokens.json'),
      PORT: '0',
    })
    expect(await tokensNowhere.ended).toBe(1)
    // And nothing after it: connections that are open then end in peace.
    expect(tokensNowhere.output()).toMatch(
      /Coiltrail cannot start. The keys cannot be written to COILTRAIL_TOKENS_FILE: ENOENT.*\n$/,
    )
    expect(await stat(join(folder, 'owner')).catch(() => 'free')).toBe('free')
  })

  it('lists all wrong settings at once and does not start', async () => {
    const refused = spawnCoiltrail({ PORT: 'many', LOG_LEVEL: 'loud' })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toMatch(
      /Coiltrail cannot start. These settings are not right:\n {2}PORT: .*\n {2}LOG_LEVEL: /,
    )
  })
})

async function postmaster(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '0')
  return Number(text.split('\n')[0])
}
