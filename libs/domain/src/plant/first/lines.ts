import type { Line, MassTolerance, Shift } from '../events.js'

const threeShifts: Shift[] = [
  { name: 'morning', startsAt: '06:00', hours: 8 },
  { name: 'afternoon', startsAt: '14:00', hours: 8 },
  { name: 'night', startsAt: '22:00', hours: 8 },
]
const twoShifts: Shift[] = [
  { name: 'day', startsAt: '07:00', hours: 12 },
  { name: 'night', startsAt: '19:00', hours: 12 },
]

/** Scales are good to 10 kg, and there are two weighings; liquid metal is weighed worse. */
const byScale: MassTolerance = { kg: 20, percent: 0.3 }
const liquid: MassTolerance = { kg: 100, percent: 1 }

const line = (
  code: string,
  name: string,
  kind: Line['kind'],
  steps: Line['steps'],
  tolerance = byScale,
  shifts = threeShifts,
): Line => ({ line: code, name, kind, steps, tolerance, shifts })

export const firstLines: readonly Line[] = [
  line('CAST-1', 'Continuous caster 1', 'caster', ['cast'], liquid, twoShifts),
  line('CAST-2', 'Continuous caster 2', 'caster', ['cast'], liquid, twoShifts),
  line('HOMO-1', 'Homogenising furnace 1', 'furnace', ['homogenise', 'anneal']),
  line('ANNEAL-1', 'Annealing furnace 1', 'furnace', ['anneal']),
  line('ANNEAL-2', 'Annealing furnace 2', 'furnace', ['anneal']),
  line('HOT-1', 'Hot mill', 'mill', ['roll']),
  line('COLD-1', 'Cold mill 1', 'mill', ['roll']),
  line('COLD-2', 'Cold mill 2', 'mill', ['roll']),
  line('LEVEL-1', 'Tension leveller', 'leveller', ['level']),
  line('COAT-1', 'Coating line', 'coater', ['coat']),
  line('TRIM-1', 'Edge trimmer', 'slitter', ['edge-trim']),
  line('SLIT-1', 'Slitter', 'slitter', ['slit', 'edge-trim']),
  line('DIVIDE-1', 'Divider', 'cutter', ['divide']),
  line('CTL-1', 'Cut-to-length line', 'cutter', ['cut-to-length']),
  line('JOIN-1', 'Strip joiner', 'joiner', ['join']),
  line('REMELT-1', 'Remelt furnace', 'furnace', ['remelt'], liquid, twoShifts),
]
