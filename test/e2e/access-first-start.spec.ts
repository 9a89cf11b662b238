import 'reflect-metadata'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { welcomeFirstAdministrator } from '#platform/identity/first-administrator'
import { testApp } from '#test/support/app'
import { httpClient } from '#test/support/http'
import { PASSWORD } from '#test/support/people'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { readyAt, type Spawned, spawnApp } from '#test/support/process'

const ROOT = join(import.meta.dirname, '../..')
const LINK = /^ {2}(\S+\/invitation#([\w-]{43}))$/gm

describe('The first administrator', () => {
  let database: TestDatabase
  const running: Spawned[] = []
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(async () => {
    for (const { process } of running) process.kill('SIGTERM')
    await Promise.all(running.splice(0).map(({ ended }) => ended))
    await database.drop()
  })

  const start = async (environment: Record<string, string> = {}) => {
    const app = spawnApp('operations', { DATABASE_URL: database.url, PORT: '0', ...environment })
    running.push(app)
    const url = await readyAt(app)
    const http = httpClient(url, () => '')
    return { url, http, said: app.output }
  }
  const cli = (...words: string[]) => {
    const program = ['--import', './test/support/typescript.mjs', './libs/platform/src/identity/accounts.cli.ts']
    const env = { PATH: process.env.PATH, DATABASE_URL: database.url, PORT: '4711' }
    return promisify(execFile)(process.execPath, [...program, ...words], { cwd: ROOT, env })
  }
  const linksIn = (text: string) => [...text.matchAll(LINK)].map(([, link, secret]) => ({ link, secret: secret! }))
  const accept = (http: ReturnType<typeof httpClient>, invitation: string) =>
    http.post('/api/session/invitation', { invitation, password: PASSWORD }, { as: null })

  it('is shown a link at the first start, once, though two processes start at the same moment', async () => {
    const file = { COILTRAIL_TOKENS_FILE: '/dev/null' }
    const [one, other] = await Promise.all([start(file), start(file)])
    const links = linksIn(one.said() + other.said())
    expect(links).toHaveLength(1)
    expect([`${one.url}`, `${other.url}`]).toContain(links[0]!.link!.replace(/\/invitation.*/, ''))
    expect(one.said() + other.said()).toContain('npm run accounts -- invite admin')

    const third = await start()
    expect(linksIn(third.said())).toEqual([])
    expect(third.said()).toContain('Another one: npm run accounts -- invite admin')

    const { status, body } = await accept(third.http, links[0]!.secret)
    expect([status, body.name, body.role]).toEqual([201, 'admin', 'administrator'])
    const fourth = await start()
    expect(fourth.said()).not.toMatch(/sign in|admin/)
  })

  it('is shown one link, though ten ask for it at the very same moment', async () => {
    const plant = await testApp({ module: OperationsModule })
    try {
      const said: string[] = []
      const welcome = () => welcomeFirstAdministrator(plant.app, plant.url, (sentence) => said.push(sentence))
      await Promise.all(Array.from({ length: 10 }, welcome))
      expect(said).toHaveLength(10)
      expect(linksIn(said.join('\n'))).toHaveLength(1)
    } finally {
      await plant.close()
    }
  })

  it('is shown another link when the first one is over, at the address that browsers use', async () => {
    const first = await start()
    await database.pool.query(`UPDATE identity.account SET invitation_until = now() - interval '1 second'`)
    const second = await start({ PUBLIC_URL: 'https://coiltrail.example' })
    const [link] = linksIn(second.said())
    expect(link?.link).toMatch(/^https:\/\/coiltrail\.example\/invitation#/)
    expect((await accept(second.http, linksIn(first.said())[0]!.secret)).body.rule).toBe('invitation-over')
    expect((await accept(second.http, link!.secret)).status).toBe(201)
  })

  it('is invited at the command line by whoever runs Coiltrail, and others are opened and listed there', async () => {
    const { http, said } = await start()
    const { stdout } = await cli('invite', 'Admin')
    const [link] = linksIn(stdout)
    expect(link?.link).toMatch(/^http:\/\/localhost:4711\/invitation#/)
    expect((await accept(http, linksIn(said())[0]!.secret)).status).toBe(422)
    expect((await accept(http, link!.secret)).status).toBe(201)

    const opened = await cli('open', '--name', 'Ilham Aliyev', '--role', 'partner', '--partner', 'AZAL')
    expect((await accept(http, linksIn(opened.stdout)[0]!.secret)).body).toMatchObject({ partner: 'AZAL' })
    const listed = await cli('list')
    expect(listed.stdout).toMatch(/admin.*administrator.*password/)
    expect(listed.stdout).toMatch(/Ilham Aliyev.*partner.*AZAL.*password/)
    await expect(cli('open', '--name', 'Bo', '--role', 'partner')).rejects.toThrow('needs the code of the partner')
    await expect(cli('open', '--name', 'Bo', '--role', 'king')).rejects.toThrow('--role is one of operator')
    await expect(cli('invite', 'Nobody')).rejects.toThrow('There is no account named Nobody')
  })

  it('is not invited when whoever had the name has other rights: a sentence says what to do', async () => {
    const { said } = await start()
    expect(linksIn(said())).toHaveLength(1)
    await database.pool.query(`UPDATE identity.account SET role = 'sales', invitation_until = now()`)
    const second = await start()
    expect(linksIn(second.said())).toEqual([])
    expect(second.said()).toContain('npm run accounts -- open --name "<name>" --role administrator')
  })
})
