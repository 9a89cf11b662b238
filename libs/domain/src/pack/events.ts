import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import { coilNumber, packNumber, reason } from '../words.js'

/** Stream `pack-<number>`: coils bundled on one skid. */
export const packEvents = {
  PackMade: version1(z.strictObject({ pack: packNumber, coils: z.array(coilNumber).min(1).max(200) })),
  PackOpened: version1(z.strictObject({ pack: packNumber, coils: z.array(coilNumber).min(1).max(200), reason })),
} as const
export type PackEvent = EventsOf<typeof packEvents>
