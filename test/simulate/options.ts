import { parseArgs } from 'node:util'

export const HELP = `npm run simulate -- [options]
  --seed N        which plant is lived; the same seed makes the same choices (default: by the clock)
  --coils N       coils that come in from outside (default 200)
  --speed max|N   simulated seconds per real second (default max)
  --crews N       crews at work at the same time (default 12)
  --days N        days of plant life that it spans, ending now (default: 60 coils a day, 3 at least)
  --url URL       a running Coiltrail; then tokens are needed (default: one of its own, gone afterwards)
  --tokens FILE   tokens by role, as COILTRAIL_TOKENS_FILE has them
                  (or one administrator's token in the environment variable COILTRAIL_TOKEN)`

export interface Options {
  readonly seed: number
  readonly coils: number
  readonly crews: number
  readonly days: number
  /** Simulated seconds per real one; Infinity to wait for nothing. */
  readonly speed: number
  readonly url?: string
  readonly tokens?: string
}

/** @throws Error in words */
export function optionsOf(words: string[]): Options | 'help' {
  const { values } = parseArgs({
    args: words,
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      coils: { type: 'string', default: '200' },
      speed: { type: 'string', default: 'max' },
      crews: { type: 'string', default: '12' },
      days: { type: 'string' },
      url: { type: 'string' },
      tokens: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const coils = numberOf('coils', values.coils, 1)
  return {
    seed: numberOf('seed', values.seed, 0),
    coils,
    crews: numberOf('crews', values.crews, 1),
    days: values.days === undefined ? Math.max(3, Math.ceil(coils / 60)) : numberOf('days', values.days, 1),
    speed: values.speed === 'max' ? Number.POSITIVE_INFINITY : numberOf('speed', values.speed, 1),
    ...(values.url !== undefined && { url: values.url.replace(/\/+$/, '') }),
    ...(values.tokens !== undefined && { tokens: values.tokens }),
  }
}

/** Of an option. @throws Error in words */
export function numberOf(name: string, given: string, least: number): number {
  const value = Number(given)
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`--${name} is a whole number from ${least} on, not "${given}".`)
  return value
}
