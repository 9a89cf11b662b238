import { type Checks, refuse } from '../refusal.js'
import type { Approval } from './state.js'

/** Whoever answers a request. */
export interface Someone {
  readonly id: string
  readonly kind: 'person' | 'key' | 'coiltrail'
  readonly name: string
  readonly role: string
}

/** It waits for an answer: none was given, and its time is not over. */
export function requireOpen(checks: Checks, { approval, standing, answeredBy, until }: Approval, now: Date): boolean {
  const answered = standing !== 'open'
  return checks.require(
    !answered && now.getTime() < Date.parse(until),
    'approval-over',
    answered
      ? `this was ${standing} by ${answeredBy} already`
      : `nobody answered this until ${until}; ask again, if it is still wanted`,
    answered ? { approval, standing, answeredBy } : { approval, until },
  )
}

/** What was agreed to is what would be done: a hold put on since then, or a weight corrected, is nothing they looked at. */
export function requireStillAsked({ approval, asks }: Approval, wouldBe: string): void {
  if (wouldBe === asks) return
  const message = `what was asked for has changed since: ${asks}. By now it is: ${wouldBe}. Withdraw it, and ask again`
  refuse('approval-outdated', message, { approval, asks, wouldBe })
}

/** A person who signed in, and neither the one who asked nor the one who made the key that asked. */
export function requireSecondPerson(checks: Checks, { requestedBy }: Approval, by: Someone): void {
  const isPerson = checks.require(
    by.kind === 'person',
    'approval-needs-a-person',
    `${by.name} is a key; four eyes are those of people, who sign in for this`,
    { key: by.name },
  )
  if (!isPerson) return
  checks.require(
    by.id !== requestedBy.id && by.id !== requestedBy.madeBy,
    'second-person-needed',
    by.id === requestedBy.id
      ? 'you asked for this yourself; somebody else must look at it'
      : `you made the key ${requestedBy.name}, which asked for this; somebody else must look at it`,
    { requestedBy: requestedBy.name },
  )
}
