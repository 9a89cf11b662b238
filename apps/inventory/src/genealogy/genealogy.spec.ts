import type { PlantFact } from '#domain/events'
import { example } from '#test/support/every-fact'
import { castStrip, coilReceived } from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'
import { familyTree } from './family-tree.js'
import { meltShares } from './proportions.js'

const AT = '2026-11-07T08:00:00Z'

let plant: ReadSide
beforeAll(async () => {
  plant = await readSide(InventoryModule)
})
afterAll(() => plant.close())

const produced = (coil: string, ...from: [string, number][]): PlantFact =>
  example('CoilProduced', {
    coil,
    from: from.map(([coil, kg]) => ({ coil, kg })),
    netWeightKg: from.reduce((sum, [, kg]) => sum + kg, 0),
    product: castStrip,
  })

async function treeOf(coil: string, query = '') {
  return familyTree.parse(await plant.ask(`/api/coils/${coil}/genealogy?${query}`))
}

const numbers = (nodes: readonly { number: string | null; depth: number }[]) =>
  nodes.map(({ number, depth }) => `${number}@${depth}`).sort()

describe('The genealogy of a coil', () => {
  beforeAll(async () => {
    // G-1 -> A -> B1, B2; B1 + C -> J (joined); J is remelted with B2 into M-9, of which Z is cast.
    await plant.happened(
      AT,
      coilReceived({ coil: 'A', castNumber: 'G-1', netWeightKg: 9000 }),
      coilReceived({ coil: 'C', castNumber: 'G-2', netWeightKg: 1000 }),
      produced('B1', ['A', 3000]),
      produced('B2', ['A', 5900]),
      produced('J', ['B1', 3000], ['C', 1000]),
      example('MeltRecorded', {
        castNumber: 'M-9',
        from: [
          { coil: 'J', kg: 4000 },
          { coil: 'B2', kg: 5900 },
        ],
      }),
      example('CoilCast', { coil: 'Z', melts: [{ castNumber: 'M-9', kg: 9500 }], netWeightKg: 9500 }),
    )
  })

  it('goes back to the melts, through a remelt too, with the kilograms at each edge', async () => {
    const tree = await treeOf('Z', 'direction=ancestors')
    expect(numbers(tree.nodes)).toEqual(
      ['Z@0', 'M-9@-1', 'J@-2', 'B2@-2', 'B1@-3', 'C@-3', 'A@-3', 'G-2@-4', 'G-1@-4'].sort(),
    )
    expect(tree.edges).toContainEqual(
      expect.objectContaining({ from: 'coil-B1', to: 'coil-J', kg: 3000, step: 'slit' }),
    )
    expect(tree.edges).toContainEqual(
      expect.objectContaining({ from: 'melt-G-1', to: 'coil-A', kg: 9000, step: 'received' }),
    )
    expect(tree.edges).toHaveLength(9)
    expect(tree.truncated).toBe(false)
    const ends = tree.nodes.filter(({ id }) => !tree.edges.some((edge) => edge.to === id))
    expect(ends.map(({ kind }) => kind)).toEqual(['melt', 'melt'])
  })

  it('goes on to all that was made of it, as far as asked', async () => {
    expect(numbers((await treeOf('A', 'direction=descendants')).nodes)).toEqual(
      ['A@0', 'B1@1', 'B2@1', 'J@2', 'M-9@2', 'Z@3'].sort(),
    )
    const near = await treeOf('A', 'direction=descendants&depth=1')
    expect(numbers(near.nodes)).toEqual(['A@0', 'B1@1', 'B2@1'])
    expect(near.edges).toHaveLength(2)
    expect(numbers((await treeOf('B1', 'depth=1')).nodes)).toEqual(['A@-1', 'B1@0', 'J@1'])
  })

  it('is that of no coil that does not exist', async () => {
    expect((await plant.http.get('/api/coils/NOBODY/genealogy')).body.rule).toBe('unknown-coil')
  })

  it('does not go round for ever, even if events said that a coil came of itself', async () => {
    await plant.happened(AT, produced('ROUND-1', ['ROUND-2', 500]), produced('ROUND-2', ['ROUND-1', 500]))
    expect(numbers((await treeOf('ROUND-1', 'direction=descendants')).nodes)).toEqual(['ROUND-1@0', 'ROUND-2@1'])
    expect(numbers((await treeOf('ROUND-1', 'direction=descendants&depth=9')).nodes)).toEqual([
      'ROUND-1@0',
      'ROUND-2@1',
    ])
    await plant.ask('/api/coils/ROUND-1')
  })
})

describe('A coil cut in two and joined again, thirty times over', () => {
  it('is one line of thirty, though there are a thousand million ways through it', async () => {
    const rounds = Array.from({ length: 30 }, (_, n) => [
      produced(`S-${n}-L`, [`S-${n}`, 1000]),
      produced(`S-${n}-R`, [`S-${n}`, 1000]),
      produced(`S-${n + 1}`, [`S-${n}-L`, 1000], [`S-${n}-R`, 1000]),
    ])
    await plant.happened(AT, coilReceived({ coil: 'S-0', castNumber: 'G-8' }), ...rounds.flat())
    for (const query of ['direction=descendants', 'direction=descendants&depth=60']) {
      const tree = await treeOf('S-0', query)
      expect([tree.nodes.length, tree.edges.length, tree.truncated]).toEqual([91, 120, false])
    }
    const { chemistry } = await plant.ask('/api/coils/S-30')
    expect(chemistry.melts[0].percent).toBe(100)
  })
})

describe('Ten thousand descendants', () => {
  it.each([
    ['of a coil slit and slit again', 'WIDE', (n: number) => (n <= 10 ? 0 : Math.ceil(n / 10) - 1)],
    ['in a line of ten thousand generations', 'LONG', (n: number) => n - 1],
  ])('%s are answered within a second, both ways', async (_how, prefix, motherOf) => {
    const name = (n: number) => `${prefix}-${n}`
    const facts = [coilReceived({ coil: name(0), castNumber: 'G-7' })]
    await plant.happened(
      AT,
      ...facts,
      ...Array.from({ length: 10_000 }, (_, n) => produced(name(n + 1), [name(motherOf(n + 1)), 1])),
    )
    await plant.ask('/api/coils/A')

    const down = await withinASecond(`/api/coils/${name(0)}/genealogy?direction=descendants`)
    const tree = familyTree.parse(down)
    expect(tree.nodes).toHaveLength(10_001)
    expect(tree.edges).toHaveLength(10_000)
    const deepest = tree.nodes.at(-1)!

    const up = await withinASecond(`/api/coils/${deepest.number}/genealogy?direction=ancestors`)
    const { chemistry } = await plant.ask(`/api/coils/${deepest.number}`)
    expect(up.nodes.at(-1)).toMatchObject({ number: 'G-7', kind: 'melt', depth: -deepest.depth - 1 })
    expect(chemistry.melts).toMatchObject([{ castNumber: 'G26-3107' }])
  })
})

/** The best of a few: what else the machine does at that moment is not what is measured. */
async function withinASecond(path: string) {
  const took: number[] = []
  for (let n = 0; n < 5; n++) {
    const began = performance.now()
    const answer = await plant.ask(path)
    took.push(performance.now() - began)
    if (took.at(-1)! < 1_000) return answer
  }
  throw new Error(`${path} took ${took.map(Math.round).join(', ')} ms`)
}

describe('The proportions of melts in a coil', () => {
  const edge = (source: string, target: string, kg: number) => ({ source, target, kg })

  it('follow the kilograms over generations', () => {
    const shares = meltShares('J', [
      edge('m1', 'A', 9000),
      edge('A', 'B', 3000),
      edge('m1', 'C', 500),
      edge('m2', 'C', 500),
      edge('B', 'J', 3000),
      edge('C', 'J', 1000),
    ])
    expect(Object.fromEntries(shares)).toEqual({ m1: 0.875, m2: 0.125 })
  })

  it('come to one whole where the same mother came in by two ways', () => {
    const shares = meltShares('J', [
      edge('m1', 'A', 100),
      edge('A', 'B', 60),
      edge('A', 'C', 40),
      edge('B', 'J', 60),
      edge('C', 'J', 40),
    ])
    expect(Object.fromEntries(shares)).toEqual({ m1: 1 })
  })
})
