import type { Coil } from '../coil/state.js'
import type { PlantFact } from '../events.js'
import type { Checks } from '../refusal.js'
import type { Run } from './run.js'

/** What is made of metal: a coil, or a melt. */
export interface MadeOf {
  readonly name: string
  readonly mothers: readonly Coil[]
  /** JSON pointer of it in the body. */
  readonly field: string
  readonly told: { readonly alloy?: string; readonly owner?: string }
}

/**
 * Rule 7 for what is made of several mothers: what they share, it is. Where they differ, the order must be mixed, and
 * the body says which of theirs it is.
 */
export function agreed(
  checks: Checks,
  { order }: Run,
  what: 'alloy' | 'owner',
  { name, mothers, field, told }: MadeOf,
): string {
  const theirs = [...new Set(mothers.map((mother) => (what === 'alloy' ? mother.product.alloy : mother.owner)))]
  const said = told[what]
  const values = { name, [what]: said, mothers: mothers.map((mother) => mother.coil), theirs }
  if (theirs.length > 1 && !order.mixed) {
    checks.add({
      rule: `${what}s-differ`,
      message: `${name} is made of ${theirs.join(' and ')}, but order ${order.processOrder} was not planned as mixed`,
      values,
      field,
    })
  } else if (said === undefined && theirs.length > 1) {
    checks.add({
      rule: `${what}-missing`,
      message: `say the ${what} of ${name}: its mothers have ${theirs.join(' and ')}`,
      values,
      field: `${field}/${what}`,
    })
  } else if (said !== undefined && !theirs.includes(said)) {
    checks.add({
      rule: `${what}-changed`,
      message: `the ${what} of ${name} is said to be ${said}, but of its mother it is ${theirs.join(' or ')}`,
      values,
      field: `${field}/${what}`,
    })
  }
  return said ?? theirs[0]!
}

/** Title changes only by an event of its own: where coils of several owners become one thing, before they do. */
export function handedOver({ order }: Run, { coil, owner, holder }: Coil, to: string): PlantFact[] {
  if (owner === to) return []
  return [{ type: 'TitleTransferred', data: { coil, from: owner, to, holder, reason: order.mixed!.reason } }]
}
