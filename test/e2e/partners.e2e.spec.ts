/** Whose metal one may see: what two partners, whose metal meets in one plant, can find out about each other. Nothing. */
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { listen } from '../support/event-source.js'
import { type PartnerClient, partnerClient } from '../support/partner-client.js'
import { describeInProfiles } from '../support/profiles.js'
import { type ReadSide, readSide } from '../support/read-side.js'
import { AZAL, BALT, numbersOf, type Owner, twoOwners, wordsOf } from '../support/two-owners.js'

const AT = '2026-11-09T08:00:00Z'
const ALL_STATES = 'physical=expected,in-stock,in-process,consumed,scrapped,packed,dispatched,delivered'

type Operations = Record<string, { 'x-roles'?: readonly string[] }>

await describeInProfiles('Partners', (profile) => {
  let plant: ReadSide
  let paths: readonly string[]
  const partners = new Map<Owner, PartnerClient>()
  beforeAll(async () => {
    plant = await readSide(StandaloneModule, { profile })
    const position = await plant.happened(AT, ...twoOwners())
    for (const owner of [AZAL, BALT]) partners.set(owner, await partnerClient(plant, owner.code))
    for (const path of ['/api/stock', '/api/throughput']) {
      expect((await partners.get(AZAL)!.get(`${path}?after=${position}`)).status).toBe(200)
    }
    const document = (await plant.http.get<{ paths: Record<string, Operations> }>('/api/openapi.json')).body
    const throughput = profile.name === 'distributed' ? THROUGHPUT : []
    paths = Object.entries(document.paths)
      .filter(([, { get }]) => get?.['x-roles']?.includes('partner'))
      .map(([path]) => path)
      .concat(profile.name === 'distributed' ? INVENTORY : [], throughput)
  }, 180_000)
  afterAll(() => plant.close())

  describe.each([
    [AZAL, BALT],
    [BALT, AZAL],
  ])('of which one is $code', (me, other) => {
    const ask = (path: string) => partners.get(me)!.get(path)
    const mine = numbersOf(me)
    const theirs = numbersOf(other)

    it('find not a word of the other, whatever they ask', async () => {
      const asked = paths.filter((path) => path !== '/api/changes').flatMap((path) => requestsOf(path, me, other))
      expect(asked.length).toBeGreaterThan(200)
      const leaks: string[] = []
      const wrong: string[] = []
      let answered = 0
      for (const path of asked) {
        const { status, text } = await ask(path)
        if (status === 200) answered++
        // What was asked for is told again, in the words of who asked.
        const echoed = decodeURIComponent(path).split(/[/?&=,]/)
        const said =
          status === 200 ? text : echoed.reduce((left, part) => (part ? left.replaceAll(part, '') : left), text)
        if (wordsOf(other).test(said)) leaks.push(`${path}: ${around(said, wordsOf(other))}`)
        if (status !== 200 && status !== 404) wrong.push(`${path}: ${status} ${text}`)
      }
      expect(leaks).toEqual([])
      expect(wrong).toEqual([])
      expect(answered).toBeGreaterThan(80)
    })

    it('cannot tell a coil of the other from one that never was', async () => {
      const others = [theirs.free, theirs.kept, theirs.mother, theirs.cast, theirs.expected, mine.given, mine.bought]
      for (const part of ['', '/timeline', '/genealogy']) {
        const never = await ask(`/api/coils/NEVER-WAS${part}`)
        expect(never.status).toBe(404)
        for (const number of others) {
          const { status, text } = await ask(`/api/coils/${number}${part}`)
          expect(status).toBe(404)
          expect(withoutRequest(text.replaceAll(number, 'NEVER-WAS'))).toEqual(withoutRequest(never.text))
        }
      }
      for (const [path, number] of [
        ['melts', `${other.word}-HEAT`],
        ['packing-lists', `${other.word}-PL`],
        ['process-orders', `${other.word}-PO`],
      ] as const) {
        const never = await ask(`/api/${path}/NEVER-WAS`)
        const { status, text } = await ask(`/api/${path}/${number}`)
        expect(status).toBe(404)
        expect(withoutRequest(text.replaceAll(number, 'NEVER-WAS'))).toEqual(withoutRequest(never.text))
      }
    })

    it('see their own metal, that which became theirs too, and no more', async () => {
      const found = (await ask(`/api/stock?${ALL_STATES}&limit=200&facets=true`)).json()
      const numbers = found.items.map(({ coil }: { coil: string }) => coil)
      const { given: _, bought: __, ...kept } = mine
      expect(numbers.sort()).toEqual([...Object.values(kept), `${me.word}-ALONE`, theirs.given, theirs.bought].sort())
      expect(found.totals.coils).toBe(numbers.length)
      expect(found.facets.owner.map(({ value }: { value: string }) => value)).toEqual([me.code])
      const counted = (facet: readonly { coils: number }[]) => facet.reduce((sum, { coils }) => sum + coils, 0)
      for (const facet of ['alloy', 'physical', 'quality', 'commercial', 'owner', 'temper']) {
        expect([facet, counted(found.facets[facet])]).toEqual([facet, numbers.length])
      }
      expect((await ask(`/api/stock?${ALL_STATES}&owner=${other.code}`)).json()).toMatchObject({
        items: [],
        totals: { coils: 0, kg: 0 },
      })
      const books = (await ask('/api/balance')).json()
      expect(books.owners.map(({ owner }: { owner: string }) => owner)).toEqual([me.code])
      expect(books.plant.coilsOnHand).toBe(books.owners[0].coilsOnHand)
    })

    it('find what came with their own metal by its papers, and not what came with the other’s', async () => {
      const found = async (query: string) =>
        (await ask(`/api/stock?${ALL_STATES}&limit=200&${query}`))
          .json()
          .items.map(({ coil }: { coil: string }) => coil)
      for (const query of [
        `q=${me.word}-PL`,
        `packingList=${me.word}-PL`,
        `agreement=${me.word}-AGR`,
        `supplier=${me.code}`,
      ]) {
        expect(await found(query)).toContain(mine.free)
      }
      for (const query of [
        ...[`q=${other.word}-PL`, `q=${other.word}-NOTE`, `q=${other.word}`, `packingList=${other.word}-PL`],
        ...[`agreement=${other.word}-AGR`, `supplier=${other.code}`, `salesOrder=${other.word}-SO-2`],
      ]) {
        const seen = await found(query)
        expect([query, seen.filter((coil: string) => coil !== theirs.given && coil !== theirs.bought)]).toEqual([
          query,
          [],
        ])
        if (query !== `q=${other.word}`) expect([query, seen]).toEqual([query, []])
      }
      // By its own number it is found: it is theirs.
      expect(await found(`q=${theirs.bought}`)).toEqual([theirs.bought])
    })

    it('read of a coil that became theirs what is of the metal, and not what was agreed before', async () => {
      const coil = (await ask(`/api/coils/${theirs.given}`)).json()
      expect(coil).toMatchObject({ owner: me.code, castNumbers: ['HEAT-2'], supplier: null, mothers: [] })
      expect(coil.quality).toBe('held')
      expect(coil.holds).toEqual([expect.objectContaining({ reason: 'not told' })])
      expect(coil.timeline.map(({ type }: { type: string }) => type)).toEqual([
        ...['CoilProduced', 'CoilHeld', 'CoilInspected', 'CoilWeightCorrected', 'TitleTransferred', 'CoilMoved'],
      ])
      expect(coil.timeline.map(({ words }: { words: string }) => words)).toEqual(
        expect.arrayContaining([
          expect.stringContaining('Produced on SLIT-1 (slit'),
          `Now owned by ${me.code}, before by another partner; held by ALRO: not told`,
        ]),
      )
      expect((await ask(`/api/coils/${theirs.bought}`)).json()).toMatchObject({
        ...{ owner: me.code, customer: me.code, mandate: null, salesOrder: `SO-OF-${me.word}` },
        ...{ packingList: null, agreement: null, remarks: null },
      })
    })

    it('see that there is metal of the other next to theirs, and nothing of it', async () => {
      const tree = (await ask(`/api/coils/${theirs.given}/genealogy`)).json()
      const nothing = { alloy: null, temper: null, gaugeMm: null, widthMm: null, netWeightKg: null, physical: null }
      const hidden = { id: 'other-1', kind: 'other', number: null, depth: -1, ...nothing, quality: null }
      expect(tree.nodes).toEqual([expect.objectContaining({ number: theirs.given }), hidden])
      expect(tree.edges).toEqual([
        { from: 'other-1', to: `coil-${theirs.given}`, kg: null, step: null, order: null, occurredAt: null },
      ])
      // Cut in two, of which one is the other's now.
      const down = (await ask(`/api/coils/${mine.mother}/genealogy?direction=descendants`)).json()
      expect(down.nodes.map(({ number }: { number: string | null }) => number)).toEqual([mine.mother, mine.kept, null])
      // Melted together with metal of the other: how much, whose, and what came of it, stays theirs.
      const cast = (await ask(`/api/coils/${mine.cast}/genealogy`)).json()
      expect(cast.nodes.map(({ number }: { number: string | null }) => number)).toEqual(
        expect.arrayContaining([mine.cast, 'M-BOTH', mine.melted]),
      )
      expect(cast.nodes.filter(({ kind }: { kind: string }) => kind === 'other')).toEqual([])
      const melt = (await ask('/api/melts/M-BOTH')).json()
      expect(melt).toMatchObject({ owner: null, netWeightKg: null, castingRuns: [] })
      expect(melt.analyses).toHaveLength(1)
      expect(melt.coils).toEqual([expect.objectContaining({ coil: mine.cast })])
      expect(melt.from).toEqual([expect.objectContaining({ coil: mine.melted })])
    })

    it('see of an order with the other’s metal in it their own coils alone', async () => {
      const order = (await ask('/api/process-orders/PO-BOTH')).json()
      expect(order.inputs.map(({ coil }: { coil: string }) => coil)).toEqual([mine.mixed])
      expect(order.outputs.map(({ coil }: { coil: string }) => coil)).toEqual([mine.mixedChild])
      expect(order).toMatchObject({ balance: null, override: null, mixedReason: null, planned: [] })
      const child = (await ask(`/api/coils/${mine.mixedChild}`)).json()
      expect(child.mothers.map(({ coil }: { coil: string }) => coil)).toEqual([mine.mixed])
      expect(child.chemistry.melts).toEqual([expect.objectContaining({ castNumber: 'HEAT-3', percent: 100 })])
    })

    it('know to whom they sold', async () => {
      const { groups } = (await ask('/api/throughput/lead-times?by=customer')).json()
      expect(groups.map(({ customer }: { customer: string }) => customer)).toEqual([other.code, 'METALCO'].sort())
    })

    it('hear live of what happens to their own coils, and of nothing else', async () => {
      const hearing = await listen(`${plant.url}/api/changes`, partners.get(me)!.token, '0')
      await hearing.until((messages) =>
        messages.some(({ data }) => data.coil === mine.packed && data.type === 'CoilPacked'),
      )
      await hearing.until((messages) => messages.filter(({ data }) => data.type === 'TitleTransferred').length >= 2)
      const said = JSON.stringify(hearing.messages)
      expect(said).not.toMatch(wordsOf(other))
      expect(said).toContain(mine.free)
      expect(hearing.messages.every(({ data }) => data.stream.startsWith('coil-'))).toBe(true)
    })
  })

  it('Who entered and who was refused is told live to those who watch over it alone', async () => {
    const hears = async (role: 'auditor' | 'administrator' | 'sales') => {
      const hearing = await listen(`${plant.url}/api/changes`, plant.token(role), '0')
      await hearing.until((messages) => messages.some(({ data }) => data.type === 'DeliveryNoteIssued'))
      return hearing.messages.some(({ data }) => data.stream.startsWith('apiKey-'))
    }
    expect(await hears('auditor')).toBe(true)
    expect(await hears('administrator')).toBe(true)
    expect(await hears('sales')).toBe(false)
  })
})

const THROUGHPUT = ['', '/lead-times', '/work-in-process'].map((part) => `/api/throughput${part}`)
const INVENTORY = [
  ...['/api/stock', '/api/stock/expected', '/api/stock/in-process', '/api/stock/reserved', '/api/stock/summary'],
  ...['/api/stock.csv', '/api/coils/{coil}', '/api/coils/{coil}/timeline', '/api/coils/{coil}/genealogy'],
  ...['/api/melts/{castNumber}', '/api/packing-lists', '/api/packing-lists/{packingList}', '/api/process-orders'],
  ...['/api/process-orders/{order}', '/api/balance', '/api/plant', '/api/alloys', '/api/tempers'],
]

/** Every way to ask a route: with the numbers of both, with filters for the other's metal, in every order. */
function requestsOf(path: string, me: Owner, other: Owner): string[] {
  const numbers = [
    ...[me, other].flatMap((owner) => [
      ...Object.values(numbersOf(owner)),
      ...['PL', 'PO', 'PO-2', 'SO', 'HEAT', 'RUN', 'DN'].map((end) => `${owner.word}-${end}`),
    ]),
    ...['HEAT-2', 'HEAT-3', 'M-BOTH', 'PO-BOTH', 'PO-REMELT'],
  ]
  const filled = path.includes('{') ? numbers.map((number) => path.replace(/\{\w+\}/, number)) : [path]
  const queries = Object.entries(QUERIES).find(([begin]) => path.startsWith(begin))?.[1] ?? ['']
  return filled.flatMap((address) => queries.map((query) => address + query.replaceAll('OTHER', other.code)))
}

const SORTS = ['coil', 'alloy', 'gaugeMm', '-netWeightKg', '-enteredAt', 'location']
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  '/api/stock/summary': ['', '?by=owner,holder,location', '?owner=OTHER&by=physical'],
  '/api/stock.csv': ['', `?${ALL_STATES}`, '?owner=OTHER'],
  '/api/stock': [
    ...[
      '',
      `?facets=true&${ALL_STATES}`,
      '?owner=OTHER&facets=true',
      '?supplier=OTHER&facets=true',
      '?minWeightKg=1&facets=true',
    ],
    ...SORTS.map((sort) => `?${ALL_STATES}&limit=3&sort=${sort}`),
  ],
  '/api/throughput/lead-times': ['', '?by=owner', '?owner=OTHER'],
  '/api/throughput/work-in-process': ['', '?owner=OTHER'],
  '/api/throughput': ['', '?by=owner', '?owner=OTHER', '?by=line,step,product,shift,day', '?by=owner&from=2026-01-01'],
}

const around = (text: string, word: RegExp) => text.slice(Math.max(0, text.search(word) - 80), text.search(word) + 80)

/** What differs between any two requests. */
const withoutRequest = (text: string) => text.replaceAll(/"(correlationId|requestId|instance)":"[^"]*"/g, '')
