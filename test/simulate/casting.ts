import { sumKg } from '#domain/mass'
import { Crew, type Strip } from './crew.js'
import { aCastStrip, anAlloy } from './strips.js'

/** Mass-% in the middle of what EN 573-3 allows. */
const ANALYSES: Record<string, Record<string, number>> = {
  'EN AW-8011A': { Si: 0.62, Fe: 0.78, Cu: 0.02, Mn: 0.03, Mg: 0.02, Cr: 0.01, Zn: 0.02, Ti: 0.02 },
  'EN AW-1050A': { Si: 0.1, Fe: 0.25, Cu: 0.01, Mn: 0.01, Mg: 0.01, Zn: 0.02, Ti: 0.02 },
  'EN AW-3003': { Si: 0.3, Fe: 0.5, Cu: 0.1, Mn: 1.2, Zn: 0.03 },
  'EN AW-5754': { Si: 0.15, Fe: 0.25, Cu: 0.02, Mn: 0.25, Mg: 3, Cr: 0.1, Zn: 0.03, Ti: 0.03 },
}

/** One run of a caster: two melts, some coils, the last of the first melt spanning both. */
export async function castCoils(crew: Crew, job: string, caster: string, count: number): Promise<Strip[]> {
  const { chance } = crew
  const alloy = anAlloy(chance)
  const strips = Array.from({ length: count }, (_, i) =>
    aCastStrip(chance, `${job}-C${String(i + 1).padStart(2, '0')}`, alloy),
  )
  const half = Math.ceil(count / 2)
  const casts = [`M-${job}-1`, `M-${job}-2`]
  const run = `/api/casting-runs/RUN-${job}`
  const owner = chance.pick(['AZAL', 'ALRO'])
  await crew.tell('operator', '/api/casting-runs', { castingRun: `RUN-${job}`, line: caster, alloy, owner }, 30)
  const meltKg = [strips.slice(0, half), strips.slice(half)].map(
    (part) => sumKg(part.map((strip) => strip.netWeightKg)) + Math.round(chance.int(40, 90)),
  )
  for (const [i, castNumber] of casts.entries()) {
    if (i === 1 && half === count) break
    await crew.tell('operator', `${run}/melts`, { castNumber, netWeightKg: meltKg[i], furnace: `FURNACE-${i + 1}` }, 60)
    await crew.tell('quality', `/api/melts/${castNumber}/analysis`, { elements: ANALYSES[alloy] }, 20)
  }
  for (const [i, { coil, netWeightKg, product }] of strips.entries()) {
    const castNumber = casts[i < half ? 0 : 1]!
    // The coil in which the caster changes melts has 200 kg of the next one.
    const spans = i === half - 1 && half < count
    const melts = spans
      ? [
          { castNumber: casts[0], kg: netWeightKg - 20 },
          { castNumber: casts[1], kg: 20 },
        ]
      : [{ castNumber, kg: netWeightKg }]
    const { form: _form, alloy: _alloy, temper: _temper, ...dimensions } = product
    const cast = { coil, netWeightKg, ...dimensions, location: 'YARD', weighing: { by: 'scale', scale: 'CAST' }, melts }
    await crew.tell('operator', `${run}/coils`, { coils: [cast] }, chance.int(40, 90))
  }
  const inKg = sumKg(half < count ? meltKg : meltKg.slice(0, 1))
  const lossKg = 30
  const scrapKg = inKg - sumKg(strips.map((strip) => strip.netWeightKg)) - lossKg
  await crew.tell('operator', `${run}/finish`, { scrapKg, lossKg }, 60)
  return strips
}
