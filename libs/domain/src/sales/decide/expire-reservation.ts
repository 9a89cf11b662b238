import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Given } from '../../given.js'
import { expired } from '../reservations.js'

/**
 * Ends a reservation whose time is over. `coils`: what the order still has by it. Nothing happens if it was extended
 * meanwhile; and where a coil is by now is no matter: it is not promised any more.
 */
export const expireReservation = (reservation: string, coils: readonly Coil[], { now }: Given): PlantFact[] =>
  expired(
    coils.filter((coil) => coil.reservation?.reservation === reservation),
    now,
  )
