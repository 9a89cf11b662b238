import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { MeltRow } from './melt-rows.js'

const outside = z.strictObject({
  element: z.string(),
  value: z.number(),
  min: z.number().optional(),
  max: z.number().optional(),
})
export const analysis = z.strictObject({
  elements: z.record(z.string(), z.number()).describe('mass-%'),
  outside: z.array(outside).describe('elements outside the limits of the alloy, when it was analysed'),
  accepted: z.strictObject({ reason: z.string(), acceptedBy: z.string() }).optional(),
  analysedAt: z.iso.datetime(),
})
export const limits = z
  .record(z.string(), z.strictObject({ min: z.number().optional(), max: z.number().optional() }))
  .describe('mass-%')

export const melt = z.strictObject({
  castNumber: z.string(),
  revision: z.int(),
  alloy: z.string(),
  owner: z.string().nullable(),
  origin: z.enum(['furnace', 'remelt', 'supplier']).nullable(),
  netWeightKg: z.int().nullable(),
  furnace: z.string().nullable(),
  recordedOn: z.iso.datetime(),
  analyses: z.array(analysis).describe('the last one counts'),
  castingRuns: z.array(z.string()),
})

@Injectable()
export class Melts {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  byNumber(castNumbers: readonly string[]): Promise<MeltRow[]> {
    return this.reader.query(`SELECT * FROM melts WHERE "castNumber" = ANY($1) ORDER BY "castNumber"`, [castNumbers])
  }

  async limitsOf(alloy: string): Promise<z.output<typeof limits> | null> {
    const [found] = await this.reader.query<{ limits: z.output<typeof limits> }[]>(
      `SELECT "details"->'limits' AS "limits" FROM reference WHERE "kind" = 'alloy' AND "code" = $1`,
      [alloy],
    )
    return found?.limits ?? null
  }
}
