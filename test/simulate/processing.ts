import { shareOut, solidWeightKg, sumKg } from '#domain/mass'
import { Crew, type Strip } from './crew.js'
import { woundTo } from './strips.js'

const place = (crew: Crew) =>
  crew.chance.percent(70) ? 'YARD' : `BAY-${String(crew.chance.int(1, 12)).padStart(2, '0')}`

async function begin(crew: Crew, line: string, step: string, inputs: readonly Strip[]): Promise<string> {
  const coils = inputs.map((strip) => strip.coil)
  const planned = await crew.tell('planner', '/api/process-orders', { line, step, inputs: coils }, 20)
  const order = planned.subject.replace('processOrder-', '')
  await crew.tell('operator', `/api/process-orders/${order}/start`, {}, crew.chance.int(10, 120))
  return `/api/process-orders/${order}`
}

/** What is lost on the way; the scales disagree by a few kg, which the books must show. */
function waste({ chance }: Crew, inKg: number, scrapPercent: number) {
  const scrapKg = Math.round((inKg * scrapPercent) / 100) + chance.int(0, 12)
  const lossKg = chance.int(0, 3)
  return { scrapKg, lossKg, outKg: inKg - scrapKg - lossKg + chance.int(-4, 4) }
}

/** Rolls a strip thinner; now and then it breaks, and comes back as it was. */
export async function roll(crew: Crew, line: string, strip: Strip, gaugeMm: number, temper: string): Promise<Strip> {
  const order = await begin(crew, line, 'roll', [strip])
  if (crew.chance.percent(3)) {
    await crew.tell('operator', `${order}/abort`, { reason: 'strip broke in the bite', location: 'YARD' }, 25)
    return strip
  }
  const { scrapKg, lossKg, outKg } = waste(crew, strip.netWeightKg, 1.2)
  const product = {
    ...strip.product,
    gaugeMm,
    temper,
    outerDiameterMm: woundTo(outKg, strip.product.widthMm, 508),
    innerDiameterMm: 508,
  }
  const rolled = { coil: `${strip.coil}R`, netWeightKg: outKg, product }
  await crew.tell(
    'operator',
    `${order}/complete`,
    { outputs: [told(rolled, place(crew))], scrapKg, lossKg },
    crew.chance.int(30, 90),
  )
  return rolled
}

/** Several coils in one furnace: the same come out, softer. */
export async function anneal(crew: Crew, strips: readonly Strip[]): Promise<Strip[]> {
  const order = await begin(crew, crew.chance.pick(['ANNEAL-1', 'ANNEAL-2']), 'anneal', strips)
  const results = strips.map(({ coil }) => ({ coil, temper: 'O', location: 'YARD' }))
  await crew.tell('operator', `${order}/complete`, { results }, crew.chance.int(600, 1400))
  return strips.map((strip) => ({ ...strip, product: { ...strip.product, temper: 'O' } }))
}

/** Cuts by width: two to four children and the trim of both edges. */
export async function slit(crew: Crew, strip: Strip): Promise<Strip[]> {
  const order = await begin(crew, 'SLIT-1', 'slit', [strip])
  const cuts = crew.chance.int(2, 4)
  const trimMm = 20
  const widthMm = Math.floor((strip.product.widthMm - trimMm) / cuts)
  const { scrapKg, lossKg, outKg } = waste(crew, strip.netWeightKg, 2)
  const weights = shareOut(outKg, Array(cuts).fill(widthMm))
  const children = weights.map((netWeightKg, i) => {
    const product = {
      ...strip.product,
      widthMm,
      outerDiameterMm: woundTo(netWeightKg, widthMm, 508),
      innerDiameterMm: 508,
    }
    return { coil: `${strip.coil}-S${i + 1}`, netWeightKg, product }
  })
  const outputs = children.map((child) => told(child, place(crew)))
  if (crew.chance.percent(10)) {
    // A slip of the finger: a child of 100 kg more than there is. It is refused, and written down right then.
    const wrong = outputs.map((output, i) =>
      i === 0 ? { ...output, netWeightKg: output.netWeightKg + 900, confirmed: true } : output,
    )
    await crew.mustBeRefused('mass-out-of-balance', 'operator', `${order}/complete`, {
      outputs: wrong,
      scrapKg,
      lossKg,
      trimMm,
    })
  }
  await crew.tell('operator', `${order}/complete`, { outputs, scrapKg, lossKg, trimMm }, crew.chance.int(20, 60))
  return children
}

/** Uses a part of a coil by length; the rest goes back to stock under a number of its own. */
export async function divide(crew: Crew, strip: Strip): Promise<Strip[]> {
  const order = await begin(crew, 'DIVIDE-1', 'divide', [strip])
  const { scrapKg, lossKg, outKg } = waste(crew, strip.netWeightKg, 0.4)
  const weights = shareOut(outKg, [crew.chance.int(30, 70), 50])
  const parts = weights.map((netWeightKg, i) => {
    const product = {
      ...strip.product,
      outerDiameterMm: woundTo(netWeightKg, strip.product.widthMm, 508),
      innerDiameterMm: 508,
    }
    return { coil: `${strip.coil}-D${i + 1}`, netWeightKg, product }
  })
  const outputs = parts.map((part, i) => ({ ...told(part, 'YARD'), ...(i === 1 && { remnant: true }) }))
  await crew.tell('operator', `${order}/complete`, { outputs, scrapKg, lossKg }, 30)
  return parts
}

/** Cuts sheets; a pack of them is sold like a coil. */
export async function cutToLength(crew: Crew, strip: Strip): Promise<Strip[]> {
  const order = await begin(crew, 'CTL-1', 'cut-to-length', [strip])
  const { scrapKg, lossKg, outKg } = waste(crew, strip.netWeightKg, 1)
  const { innerDiameterMm: _id, outerDiameterMm: _od, ...flat } = strip.product
  const packs = shareOut(outKg, [1, 1]).map((netWeightKg, i) => ({
    coil: `${strip.coil}-P${i + 1}`,
    netWeightKg,
    product: { ...flat, form: 'pack' },
  }))
  const sheet = { form: 'pack' as const, lengthMm: 2500, sheets: 1, alloy: flat.alloy, temper: flat.temper }
  const sheetKg = solidWeightKg({ ...sheet, gaugeMm: flat.gaugeMm, widthMm: flat.widthMm })!
  const outputs = packs.map(({ coil, netWeightKg }) => ({
    ...{ coil, netWeightKg, location: 'YARD', weighing: { by: 'scale', scale: 'CTL' } },
    ...{ lengthMm: sheet.lengthMm, sheets: Math.ceil(netWeightKg / sheetKg) },
  }))
  await crew.tell('operator', `${order}/complete`, { outputs, scrapKg, lossKg }, 60)
  return packs
}

/** What was rejected is melted down with others: its genealogy ends in the melt's proportions. */
export async function remelt(crew: Crew, strips: readonly Strip[], castNumber: string): Promise<void> {
  const order = await begin(crew, 'REMELT-1', 'remelt', strips)
  const inKg = sumKg(strips.map((strip) => strip.netWeightKg))
  const lossKg = Math.round(inKg * 0.012)
  await crew.tell('operator', `${order}/complete`, { melt: { castNumber, netWeightKg: inKg - lossKg }, lossKg }, 300)
}

const told = ({ coil, netWeightKg, product }: Strip, location: string) => ({
  coil,
  netWeightKg,
  grossWeightKg: netWeightKg + 12,
  gaugeMm: product.gaugeMm,
  widthMm: product.widthMm,
  temper: product.temper,
  innerDiameterMm: product.innerDiameterMm,
  outerDiameterMm: product.outerDiameterMm,
  weighing: { by: 'scale', scale: 'HALL-2' },
  location,
})
