/** The product as a plant meets it on its first day: a process on an empty folder, the supplier's files, and HTTP. */
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Role, STAFF } from '#platform/identity/roles'
import { httpClient, type TestHttp } from '../support/http.js'
import { ownName } from '../support/kafka.js'
import { cookieOf, httpWith, PASSWORD } from '../support/people.js'
import { spawnCoiltrail, spawnDistributed } from '../support/process.js'
import { describeInProfiles } from '../support/profiles.js'

const GOOD = 'packing-list-AZ-261107.csv'
const EXCEL = 'packing-list-AZ-261107-excel-ro.csv'
const FAULTY = 'packing-list-faulty.csv'
const LINK = /\/invitation#([\w-]{43})/

interface Running {
  readonly url: string
  readonly output: string
  stop(): Promise<number | null>
}

await describeInProfiles('The first day of a plant', (profile) => {
  const topic = ownName('first-day')
  let folder: string
  let running: Running
  const tokens = new Map<string, string>()
  let plant: TestHttp
  let administrator: TestHttp
  let cookie: string
  let after = '0'
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-first-day-'))
    await chmod(folder, 0o711)
    running = await start()
    const invitation = LINK.exec(running.output)?.[1]
    if (!invitation) throw new Error(`no link for the first administrator was shown:\n${running.output}`)
    const accepted = await plant.post('/api/session/invitation', { invitation, password: PASSWORD }, { as: null })
    cookie = cookieOf(accepted.headers)
    administrator = httpWith(running.url, cookie)
    for (const role of STAFF) {
      const { status, body } = await administrator.post('/api/keys', { name: role, role })
      expect([role, status]).toEqual([role, 201])
      tokens.set(role, body.token)
    }
  }, 120_000)
  afterAll(async () => {
    await running.stop()
    await rm(folder, { recursive: true })
  })

  const start = async (): Promise<Running> => {
    const here = { COILTRAIL_DATA: join(folder, 'data'), PORT: '0' }
    const child =
      profile.name === 'standalone'
        ? spawnCoiltrail(here)
        : spawnDistributed({ ...here, KAFKA_BROKERS: profile.brokers, KAFKA_TOPIC: topic, KAFKA_PARTITIONS: '4' })
    let url: string | undefined
    while (!url) {
      url = /^Coiltrail.* is ready at (http:\/\/[^/\s]+)/m.exec(child.output())?.[1]
      if (child.process.exitCode !== null) throw new Error(child.output())
      await sleep(20)
    }
    plant = httpClient(url, (role) => tokens.get(role)!)
    const stop = () => {
      child.process.kill('SIGTERM')
      return child.ended
    }
    return { url, output: child.output(), stop }
  }

  const load = async (file: string, query = '', key?: string) => {
    const csv = await readFile(new URL(`../fixtures/${file}`, import.meta.url))
    return plant.post(`/api/packing-lists${query}`, csv, {
      ...(key && { key }),
      as: 'operator',
      headers: { 'content-type': 'text/csv' },
    })
  }
  /** Records, and remembers how far a question must see. */
  const record = async (as: Role, path: string, body: object, key?: string) => {
    const answer = await plant.post(`/api/${path}`, body, { as, ...(key && { key }) })
    expect({ path, status: answer.status, body: answer.body }).toMatchObject({ status: 201 })
    after = answer.body.token
    return answer.body
  }
  /** Asks at once, of all that was recorded. */
  const ask = async (path: string) => {
    const { status, body } = await plant.get(`/api/${path}${path.includes('?') ? '&' : '?'}after=${after}`, {
      as: 'auditor',
    })
    expect({ path, status, body }).toMatchObject({ status: 200 })
    return body
  }
  const onScale = { by: 'scale', scale: 'GATE-1' }

  it('lets the first administrator in by a link, who makes a key for each role; no other key opens anything', async () => {
    expect((await administrator.get('/api/session')).body).toMatchObject({ name: 'admin', role: 'administrator' })
    expect(running.output).not.toMatch(/ct_[a-z-]+_/)
    const ask = (token: string) => fetch(`${running.url}/api/stock`, { headers: { authorization: `Bearer ${token}` } })
    const good = tokens.get('operator')!
    const refused = [`${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`, 'ct_operator_', 'x'].map(ask)
    expect((await Promise.all(refused)).map(({ status }) => status)).toEqual([401, 401, 401])
    expect((await ask(good)).status).toBe(200)
    expect((await plant.post('/api/receipts', {}, { as: 'auditor' })).status).toBe(403)
    expect((await plant.post('/api/receipts', {}, { as: null })).status).toBe(401)
  })

  it('expects the coils of a packing list, once, whichever spreadsheet wrote it; lists all that is wrong in another', async () => {
    const first = await load(GOOD)
    expect([first.status, first.body]).toEqual([201, expect.objectContaining({ announced: 24, kg: 163_114 })])
    const again = await load(EXCEL, '?supplier=AZAL&owner=AZAL')
    expect([again.status, again.body]).toEqual([200, expect.objectContaining({ announced: 0, unchanged: 24 })])
    const faulty = await load(FAULTY, '?dryRun=true&supplier=AZAL&owner=AZAL')
    expect(faulty.body).toMatchObject({ faulty: 11 })
    after = first.body.token
    expect((await ask('stock?physical=expected')).totals).toEqual({ coils: 24, kg: 163_114 })
  })

  it('receives two of them, and sees them in stock at once', async () => {
    const coils = [
      { coil: 'AZ-261107-001', netWeightKg: 6849, weighing: onScale },
      { coil: 'AZ-261107-002', netWeightKg: 6808, weighing: onScale },
    ]
    await record('operator', 'receipts', { location: 'YARD', coils }, 'first-receipt')
    expect((await ask('stock?available=true')).totals).toEqual({ coils: 2, kg: 13_657 })
    expect((await ask('stock?physical=expected')).totals.coils).toBe(22)
  })

  it('rolls and slits one: the mother is gone, her children are there, and every kilogram is booked', async () => {
    const process = async (order: string, line: string, step: string, input: string, completion: object) => {
      await record('planner', 'process-orders', { processOrder: order, line, step, inputs: [input] })
      await record('operator', `process-orders/${order}/start`, {})
      await record('operator', `process-orders/${order}/complete`, completion)
    }
    await process('PO-1', 'HOT-1', 'roll', 'AZ-261107-001', {
      scrapKg: 60,
      lossKg: 4,
      outputs: [{ coil: 'R-1001', gaugeMm: 3, temper: 'H14', netWeightKg: 6782, location: 'BAY-01' }],
    })
    await process('PO-2', 'SLIT-1', 'slit', 'R-1001', {
      trimMm: 20,
      scrapKg: 110,
      outputs: [
        { coil: 'S-1001-A', widthMm: 615, netWeightKg: 3335, location: 'BAY-02' },
        { coil: 'S-1001-B', widthMm: 615, netWeightKg: 3336, location: 'BAY-02' },
      ],
    })
    const { items } = await ask('stock?available=true')
    expect(items.map(({ coil }: { coil: string }) => coil).sort()).toEqual(['AZ-261107-002', 'S-1001-A', 'S-1001-B'])
    const production = await ask('throughput?by=line')
    expect(production.groups).toMatchObject([
      { line: 'HOT-1', kgIn: 6849, kgOut: 6782, scrapKg: 60, lossKg: 4 },
      { line: 'SLIT-1', kgIn: 6782, kgOut: 6671, scrapKg: 110 },
    ])
    expect(await balance()).toMatchObject({ receivedKg: 13_657, scrapKg: 170, lossKg: 4, onHandKg: 13_479 })
  })

  const balance = async () => {
    const { plant: books } = await ask('balance')
    expect(books.unbalancedKg).toBe(0)
    return books
  }

  it('sells one by what the customer wants, sends it, and knows where it came from', async () => {
    const range = { gaugeMm: { min: 2.9, max: 3.1 }, widthMm: { min: 600, max: 620 } }
    const line = { kg: 3300, tolerancePercent: 5, specification: { alloy: 'EN AW-8011A', temper: 'H14', ...range } }
    await record('sales', 'sales-orders', { salesOrder: 'SO-1', customer: 'METALCO', lines: [line] })
    const { items: matching } = await ask('sales-orders/SO-1/lines/1/matching-coils')
    expect(matching.map(({ coil }: { coil: { coil: string } }) => coil.coil).sort()).toEqual(['S-1001-A', 'S-1001-B'])
    await record('sales', 'sales-orders/SO-1/lines/1/sell', { coils: ['S-1001-A'] }, 'the-only-sale')
    expect((await ask('stock?available=true')).totals.coils).toBe(2)
    await record('operator', 'sales-orders/SO-1/dispatch', { coils: ['S-1001-A'] })
    expect((await ask('stock?available=true')).totals).toEqual({ coils: 2, kg: 10_144 })
    expect(await balance()).toMatchObject({ soldKg: 3335, onHandKg: 10_144 })
    const { nodes } = await ask('coils/S-1001-A/genealogy?direction=ancestors')
    const family = nodes.map(({ number }: { number: string }) => number)
    expect(family).toEqual(['S-1001-A', 'R-1001', 'AZ-261107-001', 'G26-3107'])
  })

  it('is all there after a stop and a start, keys and sessions too; no link is shown again', async () => {
    const questions = [
      ...['stock?physical=expected,in-stock,consumed,dispatched&limit=200', 'coils/S-1001-A', 'balance'],
      ...['coils/S-1001-A/genealogy?direction=ancestors', 'throughput?by=line,shift,day', 'sales-orders/SO-1'],
    ]
    const answers = async () => {
      const all = []
      for (const question of questions) all.push(await ask(question))
      return all
    }
    const before = await answers()
    expect(await running.stop()).toBe(0)
    running = await start()
    expect(running.output).not.toMatch(LINK)
    expect((await httpWith(running.url, cookie).get('/api/session')).status).toBe(200)
    expect(await answers()).toEqual(before)
    const again = await record('sales', 'sales-orders/SO-1/lines/1/sell', { coils: ['S-1001-A'] }, 'the-only-sale')
    expect(again.replayed).toBe(true)
    const twice = await plant.post('/api/sales-orders/SO-1/lines/1/sell', { coils: ['S-1001-A'] }, { as: 'sales' })
    expect([twice.status, twice.body.errors.map(({ rule }: { rule: string }) => rule)]).toEqual([
      422,
      expect.arrayContaining(['coil-sold']),
    ])
  }, 120_000)
})
