import { z } from 'zod'

const LARGEST_PAGE = 200

/** To be spread into the schema of every query that pages: how many at most, 50 unless told. */
export const pageLimit = { limit: z.coerce.number().int().min(1).max(LARGEST_PAGE).default(50) }
