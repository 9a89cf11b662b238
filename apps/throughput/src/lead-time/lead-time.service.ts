import { Injectable } from '@nestjs/common'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { LeadTimeFigures, LeadTimeGroup } from '../throughput-answer.js'
import { groupedBy, type LeadTimeQuery, MOST_GROUPS, requireReadable, where } from '../throughput-query.js'

const HOURS = `extract(epoch FROM "soldAt" - "arrivedAt") / 3600`
const FIGURES = `
  count(*)::int AS "coils", coalesce(sum("kg"), 0)::float8 AS "kg",
  round(avg(${HOURS}), 2)::float8 AS "meanHours",
  round(percentile_cont(0.5) WITHIN GROUP (ORDER BY ${HOURS})::numeric, 2)::float8 AS "medianHours",
  round(percentile_cont(0.9) WITHIN GROUP (ORDER BY ${HOURS})::numeric, 2)::float8 AS "p90Hours",
  round(max(${HOURS}), 2)::float8 AS "longestHours"`

@Injectable()
export class LeadTimeService {
  constructor(@InjectReader('throughput') private readonly reader: Reader) {}

  async leadTimes(query: LeadTimeQuery): Promise<{ groups: LeadTimeGroup[]; totals: LeadTimeFigures }> {
    const { sql, parameters } = where(query)
    const { select, numbers } = groupedBy(query.by)
    const [groups, [totals]] = await Promise.all([
      this.reader.query<LeadTimeGroup[]>(
        `SELECT ${select}, ${FIGURES} FROM "lead_times" ${sql} GROUP BY ${numbers} ORDER BY ${numbers} LIMIT ${MOST_GROUPS + 1}`,
        parameters,
      ),
      this.reader.query<[LeadTimeFigures]>(`SELECT ${FIGURES} FROM "lead_times" ${sql}`, parameters),
    ])
    requireReadable(groups)
    return { groups, totals }
  }
}
