import { z } from 'zod'
import { MOST_COILS } from '#domain/sales/events'
import { coilNumber, reason } from '#domain/words'

/** The coils that a command is about: all of them, or none. */
export const coilsNamed = z
  .array(coilNumber)
  .min(1, 'at least one coil must be named')
  .max(MOST_COILS, `a command names ${MOST_COILS} coils at most`)

export const deviation = z
  .strictObject({ reason })
  .optional()
  .describe('why the line gets coils, or kg, that it does not ask for')

/** A line of an order in an address. */
export const lineNumber = z.coerce.number('a line has a number').int('a line has a number').min(1).max(500)
