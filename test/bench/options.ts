import { parseArgs } from 'node:util'

export const SUITES = ['append', 'commands', 'rebuild', 'search', 'distributed'] as const
export type Suite = (typeof SUITES)[number]

export interface Options {
  readonly only: readonly Suite[]
  /** Of each round of each contender. */
  readonly seconds: number
  readonly rounds: number
  /** In stock search, passport and rebuilds. */
  readonly coils: number
  /** Where the results go as JSON. */
  readonly json: string
  /** Folder for a CPU profile of each of our processes, for `node --cpu-prof`. */
  readonly profile: string | undefined
}

export const USAGE = `npm run bench -- [options]

  --only append,commands,rebuild,search,distributed   some of the suites (all)
  --seconds 3      how long each round of each contender lasts
  --rounds 3       how often each contender has its turn; the median counts
  --coils 100000   coils in stock search and rebuilds
  --json <file>    where the results go (bench-results/<time>.json)
  --profile <dir>  also write CPU profiles of our processes there`

/** @throws Error with what is wrong and the usage */
export function readOptions(words: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        only: { type: 'string', default: SUITES.join(',') },
        seconds: { type: 'string', default: '3' },
        rounds: { type: 'string', default: '3' },
        coils: { type: 'string', default: '100000' },
        json: { type: 'string', default: `bench-results/${new Date().toISOString().replaceAll(':', '-')}.json` },
        profile: { type: 'string' },
      },
    })
    return {
      only: values.only.split(',').map(suite),
      seconds: positive('seconds', values.seconds),
      rounds: Math.ceil(positive('rounds', values.rounds)),
      coils: Math.ceil(positive('coils', values.coils)),
      json: values.json,
      profile: values.profile,
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`)
  }
}

function suite(name: string): Suite {
  const found = SUITES.find((known) => known === name)
  if (!found) throw new Error(`There is no suite "${name}"; there are ${SUITES.join(', ')}.`)
  return found
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < 10_000_000)) throw new Error(`--${name} is a number above zero, not "${text}".`)
  return value
}
