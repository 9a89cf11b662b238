import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import {
  alloySchema,
  lineSchema,
  locationSchema,
  mandateSchema,
  partnerSchema,
  plantSettingsSchema,
  temperSchema,
} from '#domain/plant/events'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { ReferenceKind } from './reference-rows.js'

const known = { revision: z.int() }

export const plantView = z.strictObject({ ...known, ...plantSettingsSchema.shape })
export const partnerView = z.strictObject({
  ...known,
  ...partnerSchema.shape,
  mandates: z.array(mandateSchema).describe('to sell its metal; those in force and to come'),
})
export const lineView = z.strictObject({
  ...known,
  ...lineSchema.shape,
  engaged: z
    .strictObject({ by: z.enum(['casting-run', 'process-order']), number: z.string() })
    .nullable()
    .describe('what it is doing now'),
})
export const alloyView = z.strictObject({ ...known, ...alloySchema.shape })
export const temperView = z.strictObject({ ...known, ...temperSchema.shape })
/** Without a revision: coils come and go in a location's own history all the time. */
export const locationView = z.strictObject({
  ...locationSchema.shape,
  coils: z.int().describe('that lie there now'),
  kg: z.int(),
  free: z.int().nullable().describe('coils that still fit; null: no limit'),
})

/** What the plant knows by name. There are tens of each, hundreds at most: lists are whole. */
@Injectable()
export class Reference {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  async all<View>(kind: ReferenceKind): Promise<View[]> {
    const rows = await this.reader.query<{ revision: number; details: object }[]>(
      `SELECT "revision", "details" FROM reference WHERE "kind" = $1 ORDER BY "code"`,
      [kind],
    )
    return rows.map(({ revision, details }) => ({ revision, ...details }) as View)
  }

  async one<View>(kind: ReferenceKind, code: string): Promise<View | undefined> {
    const [row] = await this.reader.query<{ revision: number; details: object }[]>(
      `SELECT "revision", "details" FROM reference WHERE "kind" = $1 AND "code" = $2`,
      [kind, code],
    )
    return row && ({ revision: row.revision, ...row.details } as View)
  }

  locations(): Promise<z.output<typeof locationView>[]> {
    return this.reader.query(`${LOCATIONS} ORDER BY r."code"`)
  }

  async location(code: string): Promise<z.output<typeof locationView> | undefined> {
    const [row] = await this.reader.query<z.output<typeof locationView>[]>(`${LOCATIONS} AND r."code" = $1`, [code])
    return row
  }
}

const LOCATIONS = `
  SELECT r."code" AS "location", r."details"->>'name' AS "name", r."details"->>'kind' AS "kind",
    (r."details"->>'capacityCoils')::int AS "capacityCoils", coalesce(n."coils", 0)::int AS "coils",
    coalesce(n."kg", 0)::float8 AS "kg",
    CASE WHEN r."details"->>'capacityCoils' IS NOT NULL
      THEN greatest(0, (r."details"->>'capacityCoils')::int - coalesce(n."coils", 0)::int) END AS "free"
  FROM reference r
  LEFT JOIN (SELECT "location", sum("coils") AS "coils", sum("kg") AS "kg" FROM stock_counts
             WHERE "location" <> '' AND "coils" <> 0 GROUP BY "location") n ON n."location" = r."code"
  WHERE r."kind" = 'location'`
