import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { InjectReader, Reader } from '#platform/read-model/reader'
import { PHYSICAL, QUALITY } from '../stock/search-query.js'
import type { EdgeRow } from './edges.js'
import { type Direction, Genealogy, type Walk } from './genealogy.js'

const node = z.strictObject({
  id: z.string().describe('name of its stream'),
  kind: z.enum(['coil', 'melt']),
  number: z.string(),
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

export const familyTree = z.strictObject({
  of: z.string(),
  nodes: z.array(node).describe('nearest first'),
  edges: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      kg: z.int(),
      step: z.string().describe('received, cast, or the step of a process order'),
      order: z.string().nullable().describe('casting run or process order'),
      occurredAt: z.iso.datetime(),
    }),
  ),
  truncated: z.boolean().describe('there is more than this; ask with a depth, or from another coil'),
})

@Injectable()
export class FamilyTree {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly genealogy: Genealogy,
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
    return {
      of: id,
      nodes: [...depths]
        .sort(([, one], [, other]) => Math.abs(one) - Math.abs(other))
        .map(([node, depth]) => ({ ...named(node), depth: depth + 0, ...(details.get(node) ?? UNKNOWN) })),
      edges: walks.flatMap(({ edges }) => edges.map(asEdge)),
      truncated: walks.some(({ truncated }) => truncated),
    }
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

const asEdge = ({ source, target, kg, step, order, occurredAt }: EdgeRow) => ({
  from: source,
  to: target,
  kg,
  step,
  order,
  occurredAt,
})
