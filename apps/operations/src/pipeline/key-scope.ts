import type { PlantFact } from '#domain/events'
import { streamOf } from '#domain/streams'
import type { Actor } from '#platform/identity/roles'
import { Problem } from '#platform/problems/problem'

const LIMITS = ['lines', 'locations'] as const
type Limit = (typeof LIMITS)[number]
type Touched = Readonly<Record<Limit, ReadonlySet<string>>>

/**
 * A key that is limited to lines or locations touches nothing else, and something of them. What a command touches is
 * told by the facts it decided, and by where the things that they are about are now.
 * @param stateOf of a stream, as it was read for the decision
 * @throws Problem 403 `not-in-scope` that names what is outside
 */
export function requireInScope(
  { scope, name }: Actor,
  facts: readonly PlantFact[],
  stateOf: (stream: string) => unknown,
): void {
  const limits = LIMITS.filter((limit) => scope?.[limit] !== undefined)
  if (limits.length === 0) return
  const touched = touchedBy(facts, stateOf)
  const outside = limits.flatMap((limit) => [...touched[limit]].filter((one) => !scope![limit]!.includes(one)))
  const made = limits.map((limit) => `${limit} ${scope![limit]!.join(', ')}`).join(' and ')
  if (outside.length > 0) {
    throw notInScope(`The key ${name} is made for ${made}; this touches ${outside.join(', ')}.`, { outside, scope })
  }
  if (limits.every((limit) => touched[limit].size === 0)) {
    throw notInScope(`The key ${name} is made for ${made}; this touches none of them.`, { scope })
  }
}

const notInScope = (detail: string, values: Record<string, unknown>) =>
  new Problem(403, 'not-in-scope', detail, { values })

function touchedBy(facts: readonly PlantFact[], stateOf: (stream: string) => unknown): Touched {
  const streams = new Set(facts.map(streamOf))
  const told = [...facts.map(({ data }) => data), ...[...streams].map(stateOf)] as (
    | Record<string, unknown>
    | undefined
  )[]
  // Lines of sales orders are numbers, and a coil that lies nowhere has no words for where.
  const texts = (field: string) =>
    new Set(told.flatMap((one) => (typeof one?.[field] === 'string' && one[field] !== '' ? [one[field]] : [])))
  return { lines: texts('line'), locations: texts('location') }
}
