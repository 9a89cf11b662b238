import type { Temper } from '../decide/define-metal.js'

/** EN 515 tempers of strip, sheet and foil. */
const descriptions: Record<string, string> = {
  F: 'as fabricated: no mechanical properties specified',
  O: 'annealed to the lowest strength',
  H111: 'annealed and slightly strain-hardened, less than H11',
  H112: 'slightly strain-hardened by hot or limited cold working, with mechanical properties specified',
  H12: 'strain-hardened, 1/4 hard',
  H14: 'strain-hardened, 1/2 hard',
  H16: 'strain-hardened, 3/4 hard',
  H18: 'strain-hardened, 4/4 hard (fully hardened)',
  H19: 'strain-hardened, extra hard',
  H22: 'strain-hardened and partially annealed, 1/4 hard',
  H24: 'strain-hardened and partially annealed, 1/2 hard',
  H26: 'strain-hardened and partially annealed, 3/4 hard',
  H28: 'strain-hardened and partially annealed, 4/4 hard',
  H32: 'strain-hardened and stabilised, 1/4 hard',
  H34: 'strain-hardened and stabilised, 1/2 hard',
  H36: 'strain-hardened and stabilised, 3/4 hard',
  H38: 'strain-hardened and stabilised, 4/4 hard',
  H42: 'strain-hardened and painted or lacquered, 1/4 hard',
  H44: 'strain-hardened and painted or lacquered, 1/2 hard',
  H46: 'strain-hardened and painted or lacquered, 3/4 hard',
  H48: 'strain-hardened and painted or lacquered, 4/4 hard',
}

export const firstTempers: readonly Temper[] = Object.entries(descriptions).map(([temper, description]) => ({
  temper,
  description,
}))
