import { sumKg } from '#domain/mass'
import type { Crew, Strip } from './crew.js'
import { RefusedError } from './plant-client.js'

const CUSTOMERS = ['METALCO', 'FOLIENWERK', 'LAMINOX']

async function order(crew: Crew, strips: readonly Strip[]): Promise<string> {
  const { alloy, temper, form } = strips[0]!.product
  const range = (of: 'gaugeMm' | 'widthMm', spare: number) => {
    const values = strips.map((strip) => strip.product[of])
    return { min: Math.max(Math.min(...values) - spare, 0.1), max: Math.max(...values) + spare }
  }
  const placed = await crew.tell(
    'sales',
    '/api/sales-orders',
    {
      customer: crew.chance.pick(CUSTOMERS),
      lines: [
        {
          specification: {
            alloy,
            temper,
            gaugeMm: range('gaugeMm', 0.05),
            widthMm: range('widthMm', 5),
            form: form ?? 'coil',
          },
          kg: sumKg(strips.map((strip) => strip.netWeightKg)),
          tolerancePercent: 10,
        },
      ],
    },
    20,
  )
  return `/api/sales-orders/${placed.subject.replace('salesOrder-', '')}`
}

/** Strips alike in alloy, temper and form are sold together: reserved, sold, sent, delivered; some come back. */
export async function sell(crew: Crew, strips: readonly Strip[]): Promise<void> {
  for (const alike of Map.groupBy(strips, ({ product: p }) => `${p.alloy} ${p.temper} ${p.form}`).values()) {
    await sellAlike(crew, alike)
  }
}

async function sellAlike(crew: Crew, strips: readonly Strip[]): Promise<void> {
  const { chance } = crew
  const coils = strips.map((strip) => strip.coil)
  const at = await order(crew, strips)
  if (chance.percent(15)) await race(crew, at, await order(crew, strips), coils[0]!)
  if (chance.percent(60)) {
    await crew.tell('sales', `${at}/lines/1/reserve`, { coils }, 30)
    if (chance.percent(20)) {
      await crew.tell('sales', `${at}/lines/1/release`, { coils: [coils[0]], reason: 'customer asked for another' }, 60)
    }
  }
  await crew.tell('sales', `${at}/lines/1/sell`, { coils }, 120)
  if (chance.percent(5)) {
    await crew.tell('sales', `${at}/lines/1/cancel-sale`, { coils: [coils[0]], reason: 'customer withdrew' }, 60)
    await crew.tell('sales', `${at}/lines/1/sell`, { coils: [coils[0]] }, 600)
  }
  if (chance.percent(25)) return
  const sent = await crew.tell(
    'operator',
    `${at}/dispatch`,
    { coils, carrier: 'Danube Cargo', vehicle: `OT-${chance.int(10, 99)}-CTR` },
    300,
  )
  const note = sent.events.find((event) => event.type === 'GoodsDispatched')!.data.deliveryNote
  if (chance.percent(20)) return
  await crew.tell('operator', `${at}/deliver`, { deliveryNote: note }, 900)
  if (!chance.percent(8)) return
  const back = { coils: [{ coil: coils[0] }], to: 'QUARANTINE', reason: 'telescoped in transit' }
  try {
    await crew.tell('operator', `${at}/return`, back, 2000)
  } catch (error) {
    if (!(error instanceof RefusedError) || !error.broke('location-full')) throw error
    await crew.tell('operator', `${at}/return`, { ...back, to: 'YARD' }, 10)
  }
}

/** Two sellers after one coil: exactly one gets it, and lets it go again. */
async function race(crew: Crew, at: string, rival: string, coil: string): Promise<void> {
  const reserve = (path: string) => crew.tell('sales', `${path}/lines/1/reserve`, { coils: [coil] }, 1)
  const tries = await Promise.allSettled([reserve(at), reserve(rival)])
  const lost = tries.filter((attempt) => attempt.status === 'rejected').map((attempt) => attempt.reason)
  if (lost.length !== 1 || !(lost[0] instanceof RefusedError) || !lost[0].broke('coil-reserved')) {
    throw new Error(`two sellers raced for ${coil}, and ${2 - lost.length} got it: ${lost.join()}`)
  }
  const winner = tries[0]!.status === 'fulfilled' ? at : rival
  await crew.tell('sales', `${winner}/lines/1/release`, { coils: [coil], reason: 'other order first' }, 5)
  await crew.tell('sales', `${rival}/cancel`, { reason: 'served from stock elsewhere' }, 5)
}
