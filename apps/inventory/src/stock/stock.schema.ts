/** What a search of stock answers. */
import { z } from 'zod'
import { pageOf } from '../http/cursor.js'
import { FACETS } from './conditions.js'
import { stockCoil } from './stock-coil.js'

const totals = z.strictObject({ coils: z.int(), kg: z.int() })
const facet = z.array(z.strictObject({ value: z.string().nullable(), ...totals.shape }))

export const stockPage = z.strictObject({
  ...pageOf(stockCoil).shape,
  totals: totals.describe('of all that the filters find, not of this page'),
  facets: z
    .strictObject(
      Object.fromEntries(FACETS.map((name) => [name, facet])) as Record<(typeof FACETS)[number], typeof facet>,
    )
    .optional()
    .describe('what each value would find, given all filters but its own'),
})
