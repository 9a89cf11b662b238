import type { Step } from '../plant/events.js'

/**
 * What becomes of the coils of an order:
 * - `treated`: the same coils come out, under their numbers;
 * - `one-to-one`: of each mother one coil, under a new number;
 * - `one-to-many`: of each mother any number of coils or packs;
 * - `many-to-one`: of several mothers one coil;
 * - `melt`: all are melted into one melt.
 * Several mothers may run in one order of any shape; then each output says which it is from.
 */
export type Shape = 'treated' | 'one-to-one' | 'one-to-many' | 'many-to-one' | 'melt'

export const SHAPES: Readonly<Record<Step, Shape>> = {
  anneal: 'treated',
  homogenise: 'treated',
  roll: 'one-to-one',
  level: 'one-to-one',
  coat: 'one-to-one',
  'edge-trim': 'one-to-one',
  slit: 'one-to-many',
  divide: 'one-to-many',
  'cut-to-length': 'one-to-many',
  join: 'many-to-one',
  remelt: 'melt',
}

/** These change neither structure nor hardness of the metal. */
export const KEEPS_TEMPER: ReadonlySet<Step> = new Set<Step>(['edge-trim', 'slit', 'divide', 'join', 'cut-to-length'])
