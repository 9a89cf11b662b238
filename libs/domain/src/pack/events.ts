import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { coilNumber, locationCode, packNumber, reason } from '../words.js'

const coils = z.array(coilNumber).min(1).max(200)

/** Stream `pack-<number>`: coils bundled on one skid. */
export const packEvents = {
  PackMade: version1(z.strictObject({ pack: packNumber, coils, location: locationCode })),
  /** The whole skid; each coil of it has its `CoilMoved`. */
  PackMoved: version1(z.strictObject({ pack: packNumber, coils, from: locationCode, to: locationCode })),
  PackOpened: version1(
    z.strictObject({ pack: packNumber, coils: coils.describe('those that were still in it'), reason }),
  ),
} as const
export type PackEvent = EventsOf<typeof packEvents>
