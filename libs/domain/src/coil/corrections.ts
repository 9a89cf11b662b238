import type { RecordedFact } from '../events.js'
import type { Checks } from '../refusal.js'
import { physicalInWords } from './rules.js'
import type { Coil, Physical } from './state.js'

/** What corrections of recorded facts have in common. */

const TOO_LATE: Partial<Record<Physical, string>> = {
  expected: 'what its packing list says is compared with what is received',
  'in-process': 'its order counts on what was recorded; correct it when it is back, or in the weights of the order',
  consumed: 'the shares of what was made from it are fixed',
  scrapped: 'its weight is booked',
  dispatched: 'its delivery note is with the customer; take it back, or settle the difference with the customer',
  delivered: 'it is the customer’s; take it back, or settle the difference with the customer',
}

/** A coil in stock or packed may be corrected, even when it is sold; no other. */
export function requireCorrectable(checks: Checks, coil: Coil): boolean {
  const why = TOO_LATE[coil.physical]
  return checks.require(
    why === undefined,
    'coil-not-correctable',
    `${physicalInWords(coil)}, and cannot be corrected: ${why}`,
    { coil: coil.coil, physical: coil.physical },
  )
}

/**
 * The recorded fact to correct: the one that the present value rests on, which is what `eventId` must name if it is given.
 * An older one was overtaken: correcting it would change nothing but the past, and nothing rewrites the past.
 * `types`: the facts that recorded such a value.
 */
export function factToCorrect(
  checks: Checks,
  coil: Coil,
  recorded: readonly RecordedFact[],
  types: readonly string[],
  eventId: string | undefined,
): { eventId: string; type: string; revision: number } | undefined {
  const standing = recorded.findLast(({ fact }) => types.includes(fact.type))
  if (!standing) throw new Error(`coil ${coil.coil} has no fact among ${types.join(', ')}`)
  const named = eventId === undefined ? standing : recorded.find((one) => one.eventId === eventId)
  const values = { coil: coil.coil, eventId, standing: standing.eventId, type: standing.fact.type }
  if (!named) {
    checks.add({
      rule: 'event-not-of-coil',
      message: `there is no event ${eventId} in the history of coil ${coil.coil}`,
      values,
      field: '/eventId',
    })
    return undefined
  }
  const recordedIt = checks.require(
    types.includes(named.fact.type),
    'event-recorded-another-fact',
    `event ${eventId} (${named.fact.type}) did not record this; the present value rests on ${standing.eventId} (${standing.fact.type})`,
    values,
    '/eventId',
  )
  if (recordedIt) {
    checks.require(
      named === standing,
      'event-overtaken',
      `what event ${eventId} recorded was overtaken by ${standing.eventId} (${standing.fact.type}): correct that one`,
      values,
      '/eventId',
    )
  }
  return { eventId: named.eventId, type: named.fact.type, revision: named.revision }
}
