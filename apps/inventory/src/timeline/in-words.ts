/** Every fact of the plant in one sentence, as a shift leader would say it. */
import type { PlantFact } from '#domain/events'
import { aboutAccess } from './about-access.js'
import { aboutApprovals } from './about-approvals.js'
import { aboutCoils } from './about-coils.js'
import { aboutPlant } from './about-plant.js'
import { aboutTrade } from './about-trade.js'
import { aboutWork } from './about-work.js'
import type { Sentences } from './sentences.js'

const sentences: Sentences<PlantFact['type']> = {
  ...aboutCoils,
  ...aboutWork,
  ...aboutTrade,
  ...aboutPlant,
  ...aboutApprovals,
  ...aboutAccess,
}

export function inWords({ type, data }: PlantFact): string {
  return (sentences[type] as (data: PlantFact['data']) => string)(data)
}
