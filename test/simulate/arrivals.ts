import { Crew, type Strip } from './crew.js'
import { aCastStrip, anAlloy, packingList } from './strips.js'

/** A lorry from the smelter: its list is loaded, its coils are received, mostly over the scale. */
export async function coilsArrive(crew: Crew, job: string, count: number): Promise<Strip[]> {
  const { chance, watch } = crew
  const alloy = anAlloy(chance)
  const announced = Array.from({ length: count }, (_, i) =>
    aCastStrip(chance, `${job}-${String(i + 1).padStart(2, '0')}`, alloy),
  )
  const producedOn = new Date(watch.now().getTime() - 3 * 86_400_000).toISOString().slice(0, 10)
  const list = packingList(chance, announced, `G-${job}`, producedOn)
  const path = `/api/packing-lists?supplier=AZAL&owner=AZAL&agreement=TOLL-2026-01&deliveryNote=DN-${job}`
  await crew.tellCsv(path, list)
  if (chance.percent(10)) await crew.tellCsv(path, list)

  const weighed = announced.map((strip) => ({ ...strip, netWeightKg: weighedKg(crew, strip.netWeightKg) }))
  if (chance.percent(50)) await receive(crew, weighed, 30)
  else for (const strip of weighed) await receive(crew, [strip], 8)
  for (const [i, { coil, netWeightKg }] of weighed.entries()) {
    // Half a percent or 20 kg, whichever is more, is within the plant's tolerance.
    const announcedKg = announced[i]!.netWeightKg
    if (Math.abs(netWeightKg - announcedKg) > Math.max(20, announcedKg * 0.005)) {
      await crew.tell(
        'quality',
        `/api/coils/${coil}/accept-difference`,
        { reason: 'the smelter confirmed our scale' },
        60,
      )
    }
  }
  if (chance.percent(20)) {
    await crew.mustBeRefused('coil-number-used', 'operator', '/api/receipts', {
      location: 'YARD',
      coils: [arrival(weighed[0]!)],
    })
  }
  return weighed
}

function weighedKg({ chance }: Crew, announcedKg: number): number {
  if (chance.percent(4)) return announcedKg + Math.round(announcedKg * chance.pick([-0.012, 0.009]))
  return announcedKg + chance.int(-9, 9)
}

const arrival = ({ coil, netWeightKg }: Strip) => ({
  coil,
  netWeightKg,
  grossWeightKg: netWeightKg + 50,
  weighing: { by: 'scale', scale: 'GATE-1' },
})

async function receive(crew: Crew, strips: readonly Strip[], minutes: number): Promise<void> {
  const body = { location: 'YARD', coils: strips.map(arrival) }
  if (crew.chance.percent(10)) await crew.tellLate('operator', '/api/receipts', body, minutes)
  else await crew.tell('operator', '/api/receipts', body, minutes)
}
