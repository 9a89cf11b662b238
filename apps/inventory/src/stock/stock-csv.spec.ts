import { parse } from 'csv-parse/sync'
import { everyFact, example } from '#test/support/every-fact'
import { castStrip, coilAnnounced, coilHeld, coilReceived } from '#test/support/facts'
import { partnerClient } from '#test/support/partner-client'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'
import { STOCK_COIL_COLUMNS } from './stock-coil.js'
import { harmless } from './stock-csv.js'

let plant: ReadSide
const MANY = 3_000

beforeAll(async () => {
  plant = await readSide(InventoryModule)
  await plant.happened(
    '2026-11-07T08:00:00Z',
    ...Array.from({ length: MANY }, (_, n) => coilReceived({ coil: `N-${n}`, remarks: 'plain' })),
  )
  await plant.happened(
    '2026-11-07T08:00:00Z',
    coilAnnounced({ coil: 'EVIL', remarks: '=HYPERLINK("http://evil")', producedOn: '2026-11-03' }),
    coilReceived({
      ...{ coil: 'EVIL', announced: true, product: { ...castStrip, alloy: 'EN AW-3003', gaugeMm: 6.35 } },
      remarks: '=HYPERLINK("http://evil"); "quoted"',
      difference: everyFact.CoilReceived.difference,
    }),
    coilHeld({ coil: 'EVIL', reason: '@SUM(A1)' }),
    coilHeld({ coil: 'EVIL', hold: 'hold-2', reason: 'scratch' }),
    example('CoilReceived', { coil: 'GONE' }),
    example('CoilScrapped', { coil: 'GONE' }),
  )
  // Waits for all of it, so that no test has to.
  await plant.ask('/api/stock')
})
afterAll(() => plant.close())

const csvOf = async (query: string) => {
  const { status, body, headers } = await plant.http.get<string>(`/api/stock.csv?${query}`, { as: 'sales' })
  expect(status).toBe(200)
  return { body, headers }
}

describe('Stock as CSV', () => {
  it('has a line for each coil that the same search finds, in the same order', async () => {
    const { body, headers } = await csvOf('sort=-coil')
    expect(headers.get('content-type')).toContain('text/csv')
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="stock-\d{4}-\d\d-\d\d\.csv"$/)
    const rows = parse(body, { columns: true }) as Record<string, string>[]
    expect(rows).toHaveLength(MANY + 1)
    expect(Object.keys(rows[0]!)).toEqual(STOCK_COIL_COLUMNS)
    const { items } = await plant.ask('/api/stock?sort=-coil&limit=500')
    expect(rows.slice(0, 500).map(({ coil }) => coil)).toEqual(items.map(({ coil }: { coil: string }) => coil))
    expect(body.includes('\r\n')).toBe(true)
  })

  it('keeps formulas from running, and quotes what must be quoted', async () => {
    const [row] = parse((await csvOf('alloy=EN AW-3003')).body, { columns: true }) as Record<string, string>[]
    expect(row).toMatchObject({
      remarks: `'=HYPERLINK("http://evil"); "quoted"`,
      holds: `'@SUM(A1); scratch`,
      gaugeMm: '6.35',
      openDifferenceKg: '-47',
      producedOn: '2026-11-03',
      locationSince: '2026-11-07T08:00:00.000Z',
      castNumbers: 'G26-3107',
      available: 'false',
      salesOrder: '',
    })
  })

  it.each(['=1', '+1', '-1', '@x', '＝1', '＋1', '－1', '＠x', '\tx', '\rx', '\nx'])(
    'shows a text that begins like a formula (%j) as text',
    (text) => {
      expect(harmless(text)).toBe(`'${text}`)
      expect(harmless(`x${text}`)).toBe(`x${text}`)
    },
  )

  it('speaks as spreadsheets of most of Europe read it, if asked', async () => {
    const { body } = await csvOf('alloy=EN AW-3003&separator=semicolon&bom=true')
    // fetch takes the mark away when it decodes: look at the bytes.
    const response = await fetch(`${plant.url}/api/stock.csv?separator=semicolon&bom=true&alloy=EN+AW-3003`, {
      headers: { authorization: `Bearer ${plant.token('sales')}` },
    })
    expect([...new Uint8Array(await response.arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const [row] = parse(body, { columns: true, delimiter: ';' }) as Record<string, string>[]
    expect(row).toMatchObject({ gaugeMm: '6,35', netWeightKg: '6853', coil: 'EVIL' })
  })

  it('does not keep the connection of a reader who left', async () => {
    for (let n = 0; n < 12; n++) {
      const leaving = new AbortController()
      const response = await fetch(`${plant.url}/api/stock.csv`, {
        headers: { authorization: `Bearer ${plant.token('sales')}` },
        signal: leaving.signal,
      })
      expect(response.status).toBe(200)
      await response.body!.getReader().read()
      leaving.abort()
      // Three at once are allowed: the fourth would be refused if one had been kept.
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await csvOf('alloy=EN AW-3003')
  })

  it('is there for staff and for other partners, however slowly one partner reads theirs', async () => {
    const [azal, balt] = await Promise.all(['AZAL', 'BALT'].map((partner) => partnerClient(plant, partner)))
    const slow = new AbortController()
    const bodies: Response[] = []
    const begin = async ({ token }: { token: string }) => {
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`${plant.url}/api/stock.csv`, { headers, signal: slow.signal })
      bodies.push(response)
      return response.status === 503 ? ((await response.json()) as { rule: string }).rule : response.status
    }
    // At the same moment: one that was sent whole into the line's own memory has left its place for the next.
    const atOnce = (who: { token: string }) => Promise.all(Array.from({ length: 20 }, () => begin(who)))
    try {
      const ofOne = await atOnce(azal!)
      expect(ofOne).toEqual(expect.arrayContaining([200, 'export-under-way']))
      expect(await begin(balt!)).toBe(200)
      const staff = await atOnce({ token: plant.token('sales') })
      expect(staff.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3)
      expect(staff).toContain('too-many-exports')
    } finally {
      slow.abort()
    }
  })
})
