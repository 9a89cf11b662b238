/** What falls on a distributed Coiltrail. */
import type { Admin } from 'kafkajs'
import type { Chance } from '../../simulate/chance.js'
import type { MortalPlant } from './mortal-plant.js'
import type { Transcript } from './transcript.js'

export interface Struck {
  readonly plant: MortalPlant
  /** Where the topic is written down before it loses something. */
  readonly transcript: Transcript
}

/**
 * Resolves when it has happened, which need not be when all is well again. Answers in words what happened.
 * @throws Error if it could not be made to happen, or the product does not come back from it
 */
export type Strike = (struck: Struck, chance: Chance) => Promise<string>

/** Longer than Kafka waits for a member of a group. */
export const BEYOND_SESSION_MS = 8_500

export async function asAdmin<Answer>(plant: MortalPlant, work: (admin: Admin) => Promise<Answer>): Promise<Answer> {
  const admin = plant.broker.admin()
  try {
    await admin.connect()
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}
