import { Injectable } from '@nestjs/common'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { ProductionFigures, ProductionGroup } from '../throughput-answer.js'
import { groupedBy, MOST_GROUPS, type ProductionQuery, requireReadable, where } from '../throughput-query.js'

/** Orders that were told as begun and ended at once say nothing about how fast a line is. */
const LEAST_SECONDS = 60

const SUMS = `
  count(DISTINCT split_part("work", ' ', 1))::int AS "orders",
  sum("coilsIn")::int AS "coilsIn", sum("coilsOut")::int AS "coilsOut",
  sum("kgIn")::float8 AS "kgIn", sum("kgOut")::float8 AS "kgOut",
  sum("scrapKg")::float8 AS "scrapKg", sum("lossKg")::float8 AS "lossKg", sum("differenceKg")::float8 AS "differenceKg"`

@Injectable()
export class ProductionService {
  constructor(@InjectReader('throughput') private readonly reader: Reader) {}

  /** @throws Problem 400 when there are more groups than anybody could read. */
  async production(query: ProductionQuery): Promise<{ groups: ProductionGroup[]; totals: ProductionFigures }> {
    const { dimensions, select, numbers } = groupedBy(query.by)
    const [groups, totals] = await Promise.all([
      this.#figures(query, `${select},`, numbers, dimensions),
      this.#figures(query, '', '', []),
    ])
    requireReadable(groups)
    return { groups, totals: totals[0]! }
  }

  /** Hours are joined before they are summed: two orders at once on a furnace are one running hour, on two lines two. */
  async #figures(
    query: ProductionQuery,
    select: string,
    numbers: string,
    dimensions: readonly string[],
  ): Promise<ProductionGroup[]> {
    const { sql, parameters } = where(query)
    const keys = [...numbers.split(', ').filter(Boolean), String(dimensions.length + 1)].join(', ')
    const columns = dimensions.map((name) => `"${name}"`).join(', ')
    const rows: (Record<string, string> & ProductionFigures & { seconds: number })[] = await this.reader.query(
      `WITH p AS (SELECT ${select} ${SUMS} FROM "production" ${sql} ${numbers && `GROUP BY ${numbers}`}),
       merged AS (
         SELECT ${select} "line" AS "onLine", range_agg(tstzrange("startedAt", "finishedAt")) AS "ran"
         FROM "running" ${sql} GROUP BY ${keys}
       ),
       r AS (
         SELECT ${columns && `${columns},`}
           sum((SELECT sum(extract(epoch FROM upper(piece) - lower(piece))) FROM unnest("ran") AS piece)) AS "seconds"
         FROM merged ${numbers && `GROUP BY ${numbers}`}
       )
       SELECT ${columns && `${columns},`}
         coalesce("orders", 0) AS "orders", coalesce("coilsIn", 0) AS "coilsIn", coalesce("coilsOut", 0) AS "coilsOut",
         coalesce("kgIn", 0) AS "kgIn", coalesce("kgOut", 0) AS "kgOut", coalesce("scrapKg", 0) AS "scrapKg",
         coalesce("lossKg", 0) AS "lossKg", coalesce("differenceKg", 0) AS "differenceKg",
         coalesce("seconds", 0)::float8 AS "seconds"
       FROM p ${columns ? `FULL JOIN r USING (${columns})` : 'CROSS JOIN r'}
       ${numbers && `ORDER BY ${numbers}`} LIMIT ${MOST_GROUPS + 1}`,
      parameters,
    )
    return rows.map(({ seconds, ...row }) => ({
      ...row,
      yieldPercent: row.kgIn > 0 ? rounded((100 * row.kgOut) / row.kgIn) : null,
      runningHours: rounded(seconds / 3600),
      kgPerHour: seconds >= LEAST_SECONDS ? Math.round((row.kgOut * 3600) / seconds) : null,
    })) as ProductionGroup[]
  }
}

const rounded = (value: number) => Math.round(value * 100) / 100
