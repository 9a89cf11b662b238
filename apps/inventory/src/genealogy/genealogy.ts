import { Injectable } from '@nestjs/common'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { EdgeRow } from './edges.js'

export type Direction = 'ancestors' | 'descendants'

export interface Walk {
  /** How many steps away; all the way when left out. */
  readonly depth?: number
  /** Does not go through a melt into the coils that were remelted for it. */
  readonly stopAtMelts?: boolean
}

export interface Walked {
  readonly edges: readonly EdgeRow[]
  /** Steps from the beginning, the shortest way. */
  readonly depths: ReadonlyMap<string, number>
  /** There is more than is walked at once; what is nearest is here. */
  readonly truncated: boolean
}

/** Metal that is remelted lives on: the descendants of an old coil may be half the plant. */
export const MOST_NODES = 20_000

@Injectable()
export class Genealogy {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  /** Everything that came of a node, or that it came of. A circle, which there cannot be, is walked once. */
  async walk(from: string, direction: Direction, { depth, stopAtMelts }: Walk = {}): Promise<Walked> {
    const [near, far] = direction === 'descendants' ? ['source', 'target'] : ['target', 'source']
    const onlyCoils = stopAtMelts ? `AND (r.node LIKE 'coil-%' OR r.node = $1)` : ''
    // Without a depth a node is one row, whatever the ways to it; with one, its depths are few.
    const reached =
      depth === undefined
        ? `reached(node) AS (SELECT $1::text
             UNION SELECT e."${far}" FROM reached r JOIN edges e ON e."${near}" = r.node ${onlyCoils})`
        : `reached(node, depth) AS (SELECT $1::text, 0
             UNION SELECT e."${far}", r.depth + 1 FROM reached r JOIN edges e ON e."${near}" = r.node ${onlyCoils}
             WHERE r.depth < ${depth})`
    const beyond = depth === undefined ? '' : `WHERE depth < ${depth}`
    // The limit also ends the walk: rows of a recursive query are made as they are taken.
    const found = await this.reader.query<EdgeRow[]>(
      `WITH RECURSIVE ${reached}
       SELECT e.* FROM (SELECT DISTINCT node FROM (SELECT * FROM reached LIMIT ${MOST_NODES + 1}) AS met ${beyond}) r
       JOIN edges e ON e."${near}" = r.node ${onlyCoils}`,
      [from],
    )
    return measured(from, found, near as 'source' | 'target', far as 'source' | 'target')
  }
}

function measured(
  from: string,
  found: readonly EdgeRow[],
  near: 'source' | 'target',
  far: 'source' | 'target',
): Walked {
  const byNear = Map.groupBy(found, (edge) => edge[near])
  const depths = new Map([[from, 0]])
  const edges: EdgeRow[] = []
  let truncated = false
  // A map goes on over what is added while it is gone through: nearest first.
  for (const [node, depth] of depths) {
    for (const edge of byNear.get(node) ?? []) {
      if (!depths.has(edge[far])) {
        if (depths.size >= MOST_NODES) {
          truncated = true
          continue
        }
        depths.set(edge[far], depth + 1)
      }
      edges.push(edge)
    }
  }
  return { edges, depths, truncated }
}
