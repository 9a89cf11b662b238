import type { Coil } from '../coil/state.js'
import { plantDay } from '../plant/day.js'
import type { PlantSettings } from '../plant/events.js'
import type { PartnerState } from '../plant/state.js'
import type { Checks } from '../refusal.js'

/** On whose behalf the plant may sell: its own company's, and that of owners who gave it a mandate. */
export interface Sellers {
  readonly plant: PlantSettings
  /** The owners of the coils in question, as far as they are known. */
  readonly owners: readonly PartnerState[]
}

/** Owners whose mandate these coils need. */
export const ownersToAsk = (coils: readonly Coil[], plant: PlantSettings): string[] => [
  ...new Set(coils.map((coil) => coil.owner).filter((owner) => owner !== plant.company)),
]

/** The mandate that covers the coil on the day; undefined for the plant's own metal, and where there is none. */
export function mandateFor(
  coil: Pick<Coil, 'owner'>,
  { plant, owners }: Sellers,
  occurredAt: string,
): string | undefined {
  if (coil.owner === plant.company) return undefined
  const day = plantDay(occurredAt, plant.timeZone)
  const mandates = owners.find((owner) => owner.partner === coil.owner)?.mandates ?? []
  return mandates.find(({ validFrom, validTo }) => validFrom <= day && day <= validTo)?.mandate
}

/** Rule 8: customer-owned metal is sold only under a sales mandate. */
export function requireMandate(
  checks: Checks,
  coil: Coil,
  sellers: Sellers,
  occurredAt: string,
  field?: string,
): boolean {
  const day = plantDay(occurredAt, sellers.plant.timeZone)
  return checks.require(
    coil.owner === sellers.plant.company || mandateFor(coil, sellers, occurredAt) !== undefined,
    'no-sales-mandate',
    `coil ${coil.coil} belongs to ${coil.owner}, who gave no mandate to sell it on ${day}`,
    { coil: coil.coil, owner: coil.owner, day },
    field,
  )
}
