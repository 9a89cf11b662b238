import { descendantsOf } from '#domain/coil/family'
import { type Coil, coils } from '#domain/coil/state'
import type { History } from '../pipeline/history.js'

/** All that was made from a coil: one round trip for each generation. */
export const familyOf = (history: History, coil: Coil): Promise<Coil[]> =>
  descendantsOf(coil, (children) => history.getAll(coils, children))
