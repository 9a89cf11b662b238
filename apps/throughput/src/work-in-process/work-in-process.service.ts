import { Injectable } from '@nestjs/common'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { type WorkInProcessQuery, where } from '../throughput-query.js'

/** Coils on a line now. */
export interface WorkOnLine {
  line: string
  step: string
  orders: number
  coils: number
  kg: number
  /** When the first of them was put on the line. */
  oldestSince: Date
}

@Injectable()
export class WorkInProcessService {
  constructor(@InjectReader('throughput') private readonly reader: Reader) {}

  async workInProcess(
    query: WorkInProcessQuery,
  ): Promise<{ lines: WorkOnLine[]; totals: { coils: number; kg: number } }> {
    const { sql, parameters } = where(query, '"line" IS NOT NULL')
    const lines: WorkOnLine[] = await this.reader.query(
      `SELECT "line", "step", count(DISTINCT "processOrder")::int AS "orders", count(*)::int AS "coils",
         sum("kg")::float8 AS "kg", min("since") AS "oldestSince"
       FROM "coils" ${sql} GROUP BY 1, 2 ORDER BY 1, 2`,
      parameters,
    )
    const total = (of: 'coils' | 'kg') => lines.reduce((sum, line) => sum + line[of], 0)
    return { lines, totals: { coils: total('coils'), kg: total('kg') } }
  }
}
