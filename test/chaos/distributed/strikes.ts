/** Which strikes fall on a plant of a seed, and in what order. */
import { Chance } from '../../simulate/chance.js'
import {
  cutRelayLease,
  cutRunnerLease,
  halfOpenLine,
  holdLine,
  resetLine,
  silenceLine,
  zombieRelay,
  zombieRunner,
} from './network-strikes.js'
import {
  killOperations,
  killRelay,
  killRelayBeforeAcknowledgement,
  killRelayBeforeCheckpoint,
  killRunner,
  stopOperations,
  stopRelay,
  stopRunner,
} from './process-strikes.js'
import { killEventStore, killKafka, killPostgres } from './server-strikes.js'
import type { Strike } from './strike.js'
import { deleteTopic, joinGroup, loseMessages } from './topic-strikes.js'

export interface Planned {
  readonly strike: Strike
  /** So many commands after the last strike. */
  readonly commandsLater: number
  /** After that command, to hit another moment of the next. */
  readonly ms: number
  readonly chance: Chance
}

/** These come first, so that a short chaos has them all. */
const ESSENTIAL: readonly Strike[] = [
  killRelayBeforeCheckpoint,
  killRunner,
  killKafka,
  killEventStore,
  zombieRelay,
  stopRunner,
  loseMessages,
  killOperations,
]
const FURTHER: readonly Strike[] = [
  killRelay,
  killRelayBeforeAcknowledgement,
  killPostgres,
  stopRelay,
  stopOperations,
  zombieRunner,
  cutRelayLease,
  cutRunnerLease,
  joinGroup,
  deleteTopic,
  holdLine,
  resetLine,
  halfOpenLine,
  silenceLine,
]

/** Every kind in its turn, in an order of the seed's own. */
export function strikesOf(seed: number, points: number): Planned[] {
  const chance = Chance.of(seed, -1)
  const strikes: Strike[] = []
  while (strikes.length < points) strikes.push(...shuffled(ESSENTIAL, chance), ...shuffled(FURTHER, chance))
  return strikes.slice(0, points).map((strike, i) => ({
    strike,
    commandsLater: chance.int(5, 40),
    ms: chance.int(0, 40),
    chance: Chance.of(seed, -2 - i),
  }))
}

function shuffled<Item>(items: readonly Item[], chance: Chance): Item[] {
  const left = [...items]
  return items.map(() => left.splice(chance.int(0, left.length - 1), 1)[0]!)
}
