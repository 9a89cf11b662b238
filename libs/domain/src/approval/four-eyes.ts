import type { Approved, Given } from '../given.js'

/** Thrown by a decision that breaks no rule, but is not one person's to make: what a second one is asked, and why. */
export class ApprovalNeeded extends Error {
  override readonly name = 'ApprovalNeeded'
  constructor(
    readonly asks: string,
    readonly reason: string,
  ) {
    super(`${asks} needs a second person`)
  }
}

/**
 * The two who agree, for the fact to name. Only to be asked for when no rule is broken: nobody is bothered with what
 * is refused anyway.
 * @param asks what is to be done, as in "Release coil AZ-1 from a hold"
 * @throws ApprovalNeeded while there is only one
 */
export function requireFourEyes({ approved }: Given, asks: string, reason: string): Approved {
  if (!approved) throw new ApprovalNeeded(asks, reason)
  return approved
}
