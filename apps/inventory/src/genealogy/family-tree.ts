import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { PHYSICAL, QUALITY } from '../stock/search-query.js'
import type { EdgeRow } from './edges.js'
import { type Direction, Genealogy, type Walk, type Walked } from './genealogy.js'
import { HiddenRelatives } from './hidden-relatives.js'

const node = z.strictObject({
  id: z.string().describe('name of its stream'),
  kind: z.enum(['coil', 'melt', 'other']).describe('other: metal of somebody else, which is here, and no more is told'),
  number: z.string().nullable(),
  depth: z.int().describe('steps away: negative for ancestors'),
  alloy: z.string().nullable(),
  temper: z.string().nullable(),
  gaugeMm: z.number().nullable(),
  widthMm: z.number().nullable(),
  netWeightKg: z.int().nullable(),
  physical: z.enum(PHYSICAL).nullable(),
  quality: z.enum(QUALITY).nullable(),
})
type Node = z.output<typeof node>

interface Edge {
  readonly from: string
  readonly to: string
  readonly kg: number | null
  readonly step: string | null
  readonly order: string | null
  readonly occurredAt: Date | null
}

export const familyTree = z.strictObject({
  of: z.string(),
  nodes: z.array(node).describe('nearest first'),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kg: z.int().nullable().describe('null from and to the metal of others, like all the rest'),
      step: z.string().nullable().describe('received, cast, or the step of a process order'),
      order: z.string().nullable().describe('casting run or process order'),
      occurredAt: z.iso.datetime().nullable(),
    }),
  ),
  truncated: z.boolean().describe('there is more than this; ask with a depth, or from another coil'),
})

@Injectable()
export class FamilyTree {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly genealogy: Genealogy,
    private readonly hidden: HiddenRelatives,
  ) {}

  async of(id: string, directions: readonly Direction[], walk: Walk) {
    const walks = await Promise.all(
      directions.map(async (direction) => ({ direction, ...(await this.genealogy.walk(id, direction, walk)) })),
    )
    const depths = new Map<string, number>()
    for (const { direction, depths: found } of walks) {
      for (const [node, depth] of found) depths.set(node, direction === 'ancestors' ? -depth : depth)
    }
    depths.set(id, 0)
    const details = await this.details([...depths.keys()])
    const others = await this.others(walks, walk.depth)
    return {
      of: id,
      nodes: [...depths]
        .sort(([, one], [, other]) => Math.abs(one) - Math.abs(other))
        .map(([node, depth]) => ({ ...named(node), depth: depth + 0, ...(details.get(node) ?? UNKNOWN) }))
        .concat(others.map(({ node }) => node)),
      edges: [...walks.flatMap(({ edges }) => edges.map(asEdge)), ...others.map(({ edge }) => edge)],
      truncated: walks.some(({ truncated }) => truncated),
    }
  }

  /** Next to what was walked, as far as the walk goes: each has a name that means nothing outside of this answer. */
  private async others(walks: readonly (Walked & { direction: Direction })[], deepest = Number.POSITIVE_INFINITY) {
    const others: { node: Node; edge: Edge }[] = []
    for (const { direction, depths } of walks) {
      const hidden = await this.hidden.of(depths.keys())
      for (const [near, counts] of hidden) {
        const depth = depths.get(near)! + 1
        if (depth > deepest) continue
        for (let n = 0; n < counts[direction]; n++) {
          const id = `other-${others.length + 1}`
          const [from, to] = direction === 'ancestors' ? [id, near] : [near, id]
          others.push({
            node: { id, kind: 'other', number: null, depth: direction === 'ancestors' ? -depth : depth, ...UNKNOWN },
            edge: { from, to, kg: null, step: null, order: null, occurredAt: null },
          })
        }
      }
    }
    return others
  }

  private async details(
    nodes: readonly string[],
  ): Promise<Map<string, Omit<Node, 'id' | 'kind' | 'number' | 'depth'>>> {
    const numbers = (kind: string) =>
      nodes.filter((node) => node.startsWith(kind)).map((node) => node.slice(kind.length))
    const rows = await this.reader.query<Node[]>(
      `SELECT 'coil-' || "coil" AS "id", "alloy", "temper", "gaugeMm", "widthMm", "netWeightKg", "physical", "quality"
       FROM coils WHERE "coil" = ANY($1)
       UNION ALL
       SELECT 'melt-' || "castNumber", "alloy", NULL, NULL, NULL, "netWeightKg", NULL, NULL
       FROM melts WHERE "castNumber" = ANY($2)`,
      [numbers('coil-'), numbers('melt-')],
    )
    return new Map(rows.map(({ id, ...details }) => [id, details]))
  }
}

/** A supplier's melt may be known by its number alone. */
const UNKNOWN = {
  alloy: null,
  temper: null,
  gaugeMm: null,
  widthMm: null,
  netWeightKg: null,
  physical: null,
  quality: null,
}

export function named(id: string): Pick<Node, 'id' | 'kind' | 'number'> {
  const kind = id.startsWith('melt-') ? 'melt' : 'coil'
  return { id, kind, number: id.slice(kind.length + 1) }
}

const asEdge = ({ source, target, kg, step, order, occurredAt }: EdgeRow): Edge => ({
  from: source,
  to: target,
  kg,
  step,
  order,
  occurredAt,
})
