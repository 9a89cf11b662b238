import { Injectable } from '@nestjs/common'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { Direction } from './genealogy.js'

/** How many relatives of a coil are metal of others, by the side that they are on. */
export type Hidden = Readonly<Record<Direction, number>>

/** That there is metal of others next to one's own: a number, and nothing of what it is. */
@Injectable()
export class HiddenRelatives {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  /** Of coils of the partner who asks, by the names of their streams; those with none are left out. Staff see all there is. */
  async of(streams: Iterable<string>): Promise<ReadonlyMap<string, Hidden>> {
    if (this.reader.partner === undefined) return new Map()
    const coils = [...streams].filter((id) => id.startsWith('coil-')).map((id) => id.slice('coil-'.length))
    const rows = await this.reader.query<(Hidden & { id: string })[]>(
      `SELECT * FROM (
         SELECT 'coil-' || n."coil" AS "id",
           (n."sources" - (SELECT count(*) FROM edges e WHERE e."target" = 'coil-' || n."coil"))::int AS "ancestors",
           (n."targets" - (SELECT count(*) FROM edges e WHERE e."source" = 'coil-' || n."coil"))::int AS "descendants"
         FROM count_edges($1) n) h
       WHERE "ancestors" > 0 OR "descendants" > 0 ORDER BY "id"`,
      [coils],
    )
    return new Map(rows.map(({ id, ...hidden }) => [id, hidden]))
  }
}
