/** Whose the metal is changes all the time: what a partner sees is what a filter over the facts says, whatever happened. */
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import type { CoilEvent } from '#domain/coil/events'
import { life, seeded } from '../support/lives.js'
import { partnerClient } from '../support/partner-client.js'
import { type ReadSide, readSide } from '../support/read-side.js'

const AT = '2026-11-09T08:00:00.000Z'
const ALL_STATES = 'physical=expected,in-stock,in-process,consumed,scrapped,packed,dispatched,delivered'
const COILS = 70
const OF_TRADE =
  /^(CoilAnnounced|WeightDifferenceAccepted|TitleTransferred|CoilReserv\w+|CoilS(old|aleCancelled)|Coil(Dispatched|Delivered|Returned))$/

/** Where the history begins that is the owner's whole. */
const begins = (facts: readonly CoilEvent[]) =>
  facts.findLastIndex(({ type, data }) => type === 'TitleTransferred' && data.from !== data.to)

let plant: ReadSide
afterEach(() => plant.close())

it.each([1, 2, 3])(
  'A partner sees what became theirs, and nothing that is not theirs any more (history %i)',
  async (seed) => {
    plant = await readSide(InventoryModule)
    const random = seeded(seed)
    const lives = Array.from({ length: COILS }, (_, n) => life(`H${seed}-${n}`, random, 12, AT))
    for (const { facts } of lives) await plant.happened(AT, ...facts)
    await plant.ask('/api/stock')
    const moved = lives.filter(({ facts }) => begins(facts) >= 0)
    expect(moved.length).toBeGreaterThan(5)
    for (const partner of ['AZAL', 'VIMETCO', 'NOBODY']) {
      const { get } = await partnerClient(plant, partner)
      const own = lives.filter(({ row }) => row.owner === partner)
      const { items, totals } = (await get(`/api/stock?${ALL_STATES}&limit=200`)).json()
      expect(items.map(({ coil }: { coil: string }) => coil)).toEqual(own.map(({ row }) => row.coil).sort())
      expect(totals).toEqual({ coils: own.length, kg: own.reduce((sum, { row }) => sum + row.netWeightKg, 0) })
      for (const { facts, row } of lives) {
        const { status, json } = await get(`/api/coils/${row.coil}`)
        expect([row.coil, row.owner, status]).toEqual([row.coil, row.owner, row.owner === partner ? 200 : 404])
        if (status !== 200) continue
        const from = begins(facts)
        const told = facts.filter(({ type }, n) => n >= from || !OF_TRADE.test(type)).map(({ type }) => type)
        expect([row.coil, json().timeline.map(({ type }: { type: string }) => type)]).toEqual([row.coil, told])
        expect(json().supplier).toBe(from >= 0 ? null : row.supplier)
      }
    }
  },
)
