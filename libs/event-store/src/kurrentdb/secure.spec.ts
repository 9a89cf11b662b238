/** KurrentDB by TLS and with a password, as docker/make-secrets.sh sets it up, and what is said where they are not right. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jest } from '@jest/globals'
import { type Certificates, lacksOpenssl, makeCertificates } from '#test/support/certificates'
import { notRun } from '#test/support/not-run'
import { events, follow, newStream, one, readAll, until } from '../contract/under-test.js'
import type { RecordedEvent } from '../event-store.js'
import { openKurrentDB } from './kurrentdb-event-store.js'
import { type KurrentDBTestServer, startKurrentDBTestServer } from './test-server/test-server.js'

const PASSWORD = 'hush:@/?#%'
const WRONG = 'hush-hush'
const lacking = await lacksOpenssl()

describe('A KurrentDB with TLS and a password', () => {
  if (lacking) {
    notRun('KurrentDB by TLS', lacking)
    it('is not tried here', () => expect(lacking).toBeDefined())
    return
  }

  let ours: Certificates
  let strange: Certificates
  let server: KurrentDBTestServer
  const told: string[] = []
  const said = (['log', 'info', 'warn', 'error', 'debug'] as const).map((word) => jest.spyOn(console, word))
  const output = [jest.spyOn(process.stdout, 'write'), jest.spyOn(process.stderr, 'write')]

  beforeAll(async () => {
    ours = await makeCertificates()
    strange = await makeCertificates()
    server = await startKurrentDBTestServer({ tls: ours })
    server.conduct.credentials = `admin:${PASSWORD}`
  })
  beforeEach(() => told.splice(0))
  afterEach(() => {
    // Whatever happened, nobody was shown a password.
    const shown = JSON.stringify([told, ...[...said, ...output].map(({ mock }) => mock.calls)])
    expect(shown).not.toContain('hush')
  })
  afterAll(async () => {
    for (const spy of [...said, ...output]) spy.mockRestore()
    await server.close()
    await ours.remove()
    await strange.remove()
  })

  const at = ({
    password = PASSWORD,
    hosts = [`127.0.0.1:${server.port}`],
    options = `tls=true&tlsCAFile=${ours.authority}`,
  } = {}) => `kurrentdb://admin:${encodeURIComponent(password)}@${hosts.join()}?${options}`

  const open = (connectionString: string) =>
    openKurrentDB(connectionString, { say: (sentence) => told.push(sentence), signal: AbortSignal.timeout(10_000) })

  const refusalOf = async (connectionString: string): Promise<string> => {
    const message = await open(connectionString).then(
      () => 'was opened',
      (error: Error) => error.message,
    )
    expect(message).not.toContain('hush')
    expect(told).toEqual([])
    return message.replaceAll(/127\.0\.0\.1:\d+|localhost:\d+/g, 'node')
  }

  it.each([
    ['a single node', (port: number) => [`127.0.0.1:${port}`]],
    ['a cluster', (port: number) => [`127.0.0.1:${port}`, `localhost:${port}`]],
  ])('takes appends, is read and followed: %s', async (_, hosts) => {
    const store = await open(at({ hosts: hosts(server.port) }))
    const [coil, after] = [newStream(), await store.head()]
    const leaving = new AbortController()
    const seen: RecordedEvent[] = []
    const following = follow(store, after, leaving.signal, (batch) => seen.push(...batch))
    await store.append([{ stream: coil, expected: 'none', events: events(3) }])
    const { position } = await store.append([one(coil, 2)])
    await until(() => seen.length === 4)
    leaving.abort()
    await following
    expect(await readAll(store, coil)).toEqual(seen)
    expect(await store.head()).toBe(position)
    await store.close()
    expect(told).toEqual([])
  })

  it('is found again, and followed on, when it has been away', async () => {
    const store = await open(at())
    const leaving = new AbortController()
    const seen: RecordedEvent[] = []
    const following = follow(store, await store.head(), leaving.signal, (batch) => seen.push(...batch))
    await store.append([one(newStream(), 'none')])
    await server.stop()
    const appending = store.append([one(newStream(), 'none')])
    await server.start()
    await appending
    await until(() => seen.length === 2)
    leaving.abort()
    await following
    await store.close()
  })

  it.each([
    ['a wrong password', () => at({ password: WRONG })],
    ['a wrong password, in a cluster', () => at({ password: WRONG, hosts: nodes() })],
    ['none', () => at().replace(/\/\/.*@/, '//')],
  ])('does not let in who has %s, and says so at once', async (_, connectionString) => {
    expect(await refusalOf(connectionString())).toMatch(
      /^KurrentDB at node(,node)? does not let us read all streams and append: check user and password$/,
    )
  })

  it.each([
    ['another authority', () => at({ options: `tlsCAFile=${strange.authority}` })],
    ['another authority, in a cluster', () => at({ options: `tlsCAFile=${strange.authority}`, hosts: nodes() })],
    ['those only that Node.js trusts', () => at({ options: 'tls=true' })],
  ])('is not trusted by who trusts %s, and that is said at once', async (_, connectionString) => {
    expect(await refusalOf(connectionString())).toMatch(
      /^KurrentDB at node(,node)? shows a certificate that is not trusted \([A-Z_]+\): tell by tlsCAFile in the connection string whom to trust$/,
    )
  })

  it('is not taken for another host than its certificate is for', async () => {
    const elsewhere = await makeCertificates('IP:127.0.0.9')
    const other = await startKurrentDBTestServer({ tls: elsewhere })
    const hosts = [`127.0.0.1:${other.port}`]
    expect(await refusalOf(at({ hosts, options: `tlsCAFile=${elsewhere.authority}` }))).toMatch(
      /^KurrentDB at node shows a certificate for DNS:kurrentdb, .*IP Address:127\.0\.0\.9 and not for 127\.0\.0\.1: /,
    )
    await other.close()
    await elsewhere.remove()
  })

  it('is not waited for by who speaks without TLS, nor the other way round', async () => {
    expect(await refusalOf(at({ options: 'tls=false' }))).toBe(
      'KurrentDB at node speaks TLS, and the connection string says tls=false',
    )
    const plain = await startKurrentDBTestServer()
    expect(await refusalOf(at({ hosts: [`127.0.0.1:${plain.port}`] }))).toBe(
      'KurrentDB at node does not answer by TLS: tls=false if it is to have none',
    )
    await plain.close()
  })

  it('is waited for while it is not there at all', async () => {
    await server.stop()
    const opening = open(at())
    await until(() => told.length === 1)
    await server.start()
    await (await opening).close()
    expect(told).toEqual([expect.stringMatching(/cannot be reached \(.*ECONNREFUSED.*\): trying again$/)])
  })

  it('is not asked where the file of whom to trust is missing, or has no certificate in it', async () => {
    expect(await refusalOf(at({ options: 'tlsCAFile=/nowhere/ca.crt' }))).toBe(
      "tlsCAFile in the connection string of KurrentDB cannot be read: ENOENT: no such file or directory, open '/nowhere/ca.crt'",
    )
    const empty = join(ours.authority, '../empty')
    await writeFile(empty, 'hello')
    expect(await refusalOf(at({ options: `tlsCAFile=${empty}` }))).toMatch(/empty, has no certificate \(PEM\) in it$/)
  })

  it.each([':', '/', '?', '@', '#'])('is not asked with a password that has %s in it as it is', async (sign) => {
    const raw = at().replace(/:[^:]*@/, `:hush${sign}hush=@`)
    expect(await refusalOf(raw)).toMatch(
      /^the connection string of KurrentDB is not like .* of a password written as %3A/,
    )
  })

  const nodes = () => [`127.0.0.1:${server.port}`, `localhost:${server.port}`]
})
