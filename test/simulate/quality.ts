import type { Crew, Strip } from './crew.js'

/** What the inspection made of a strip. */
export type Verdict = 'good' | 'rejected' | 'scrapped'

/** Most conform; the others are held, and let go, rejected or scrapped by somebody who looked. */
export async function inspect(crew: Crew, { coil }: Strip): Promise<Verdict> {
  const { chance } = crew
  if (!chance.percent(7)) {
    await crew.tell(
      'quality',
      `/api/coils/${coil}/inspect`,
      { result: 'conforming', findings: [], inspector: 'Elena Marin' },
      10,
    )
    return 'good'
  }
  const held = await crew.tell(
    'quality',
    `/api/coils/${coil}/inspect`,
    { result: 'nonconforming', findings: ['scratches on the outer laps'], inspector: 'Elena Marin' },
    15,
  )
  const { hold } = held.events.find((event) => event.type === 'CoilHeld')!.data
  const what = chance.int(1, 10)
  if (what <= 7) {
    await crew.tellByTwo('quality', `/api/coils/${coil}/release`, { hold, reason: 'outer laps removed' }, 180, 60)
    return 'good'
  }
  if (what <= 9) {
    await crew.tellByTwo(
      'quality',
      `/api/coils/${coil}/reject`,
      { reason: 'surface beyond repair', liftHolds: true },
      180,
      60,
    )
    return 'rejected'
  }
  await crew.tell('quality', `/api/coils/${coil}/scrap`, { kind: 'process-scrap', reason: 'crushed by the crane' }, 60)
  return 'scrapped'
}

/** Small things of every day: moved about, weighed again, held for a doubt, a weight written down wrong. */
export async function everyday(crew: Crew, strip: Strip): Promise<Strip> {
  const { chance } = crew
  const path = `/api/coils/${strip.coil}`
  let { netWeightKg } = strip
  if (chance.percent(30)) {
    await crew.tell('operator', `${path}/move`, { to: `BAY-${String(chance.int(1, 12)).padStart(2, '0')}` }, 15)
    await crew.tell('operator', `${path}/move`, { to: 'YARD' }, 45)
  }
  if (chance.percent(15)) {
    netWeightKg += chance.int(-3, 3)
    await crew.tell('operator', `${path}/weigh`, { netWeightKg, scale: 'HALL-2' }, 10)
  }
  if (chance.percent(6)) {
    netWeightKg += chance.pick([-10, 10])
    await crew.tell('quality', `${path}/correct-weight`, { netWeightKg, reason: 'digits were swapped on the form' }, 30)
  }
  if (chance.percent(6)) {
    const held = await crew.tell('quality', `${path}/hold`, { reason: 'chemistry to be confirmed' }, 5)
    const { hold } = held.events.find((event) => event.type === 'CoilHeld')!.data
    const planned = await crew.tell(
      'planner',
      '/api/process-orders',
      { line: 'HOT-1', step: 'roll', inputs: [strip.coil] },
      5,
    )
    const order = `/api/process-orders/${planned.subject.replace('processOrder-', '')}`
    await crew.mustBeRefused('coil-on-hold', 'operator', `${order}/start`, {})
    await crew.tell('planner', `${order}/abort`, { reason: 'the coil is on hold' }, 10)
    await crew.tellByTwo('quality', `${path}/release`, { hold, reason: 'chemistry confirmed' }, 240, 60)
  }
  return { ...strip, netWeightKg }
}
