import { requireOwnsMetal } from '../../coil/rules.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { sumKg } from '../../mass.js'
import type { Alloy } from '../../plant/events.js'
import type { PartnerState } from '../../plant/state.js'
import { Checks } from '../../refusal.js'
import { type Composition, missingElements, type Outside, outsideLimits } from '../composition.js'
import type { Melt } from '../state.js'

export interface Analysis {
  readonly castNumber: string
  /** Mass-%. */
  readonly elements: Composition
  /** Of a melt that is known, they may be left out; told, they must agree with it. */
  readonly alloy?: string
  readonly owner?: string
  /** Why the melt may be cast though it is outside its alloy's limits. */
  readonly accepted?: { readonly reason: string }
}

/** Instruments round: a sum a little above 100 % is believed. */
const MOST_PERCENT = 100.05

/**
 * Records what a laboratory found. A cast number that nobody knows is a supplier's melt, of this alloy and owner.
 * A melt may be analysed again; the last analysis counts.
 */
export function analyseMelt(
  told: Analysis,
  existing: Melt | undefined,
  alloy: Alloy,
  owner: PartnerState,
  { actor }: Given,
): PlantFact[] {
  const { castNumber, elements, accepted } = told
  const checks = new Checks()
  if (existing) requireSame(checks, told, existing)
  else requireOwnsMetal(checks, owner, '/owner')
  const total = sumKg(Object.entries(elements).flatMap(([element, share]) => (/^Others/.test(element) ? [] : share)))
  checks.require(
    total <= MOST_PERCENT,
    'analysis-above-100-percent',
    `the elements sum to ${total.toFixed(3)} %`,
    { castNumber, total },
    '/elements',
  )
  const missing = missingElements(elements, alloy.limits)
  checks.require(
    missing.length === 0,
    'analysis-incomplete',
    `${alloy.alloy} limits ${missing.join(', ')}, which the analysis does not tell`,
    { castNumber, alloy: alloy.alloy, missing },
    '/elements',
  )
  const outside = outsideLimits(elements, alloy.limits)
  if (!accepted) requireWithin(checks, told, alloy, outside)
  checks.done()
  const recorded: PlantFact = {
    type: 'MeltRecorded',
    data: { castNumber, alloy: alloy.alloy, owner: owner.partner, origin: 'supplier', from: [] },
  }
  return [
    ...(existing ? [] : [recorded]),
    {
      type: 'MeltAnalysed',
      data: {
        castNumber,
        alloy: alloy.alloy,
        elements: { ...elements },
        outside,
        ...(accepted && outside.length > 0 && { accepted: { reason: accepted.reason, acceptedBy: actor } }),
      },
    },
  ]
}

function requireSame(checks: Checks, { alloy, owner }: Analysis, melt: Melt): void {
  const { castNumber } = melt
  checks.require(
    alloy === undefined || alloy === melt.alloy,
    'melt-alloy-differs',
    `melt ${castNumber} is of ${melt.alloy}, not of ${alloy}`,
    { castNumber, alloy: melt.alloy },
    '/alloy',
  )
  checks.require(
    owner === undefined || owner === melt.owner,
    'melt-owner-differs',
    `melt ${castNumber} is owned by ${melt.owner}, not by ${owner}`,
    { castNumber, owner: melt.owner },
    '/owner',
  )
}

function requireWithin(checks: Checks, { castNumber }: Analysis, { alloy }: Alloy, outside: readonly Outside[]): void {
  for (const { element, value, min, max } of outside) {
    checks.add({
      rule: 'analysis-outside-limits',
      message: `${element} ${value} % is outside ${alloy}: ${min ?? 0} to ${max ?? 100} %; accept it with a reason, or correct the melt`,
      values: { castNumber, alloy, element, value, min, max },
      field: `/elements/${element}`,
    })
  }
}
