import type { EdgeRow } from './edges.js'

/**
 * How much of a coil comes from each of its melts, as a share of 1: by the kilograms at each edge, generation by
 * generation. `edges` are those of its ancestors, up to the melts.
 */
export function meltShares(
  coil: string,
  edges: readonly Pick<EdgeRow, 'source' | 'target' | 'kg'>[],
): Map<string, number> {
  const into = Map.groupBy(edges, (edge) => edge.target)
  // Each node passes its share on to what it was made of once all that was made of it have passed theirs.
  const waitsFor = new Map<string, number>()
  for (const { source } of edges) waitsFor.set(source, (waitsFor.get(source) ?? 0) + 1)
  const shares = new Map([[coil, 1]])
  const ready = [coil]
  const melts = new Map<string, number>()
  for (let node = ready.pop(); node !== undefined; node = ready.pop()) {
    const share = shares.get(node)!
    const parts = into.get(node) ?? []
    if (parts.length === 0 && node !== coil) melts.set(node, share)
    const kg = parts.reduce((sum, part) => sum + part.kg, 0)
    for (const part of parts) {
      shares.set(part.source, (shares.get(part.source) ?? 0) + share * (kg > 0 ? part.kg / kg : 1 / parts.length))
      const left = waitsFor.get(part.source)! - 1
      waitsFor.set(part.source, left)
      if (left === 0) ready.push(part.source)
    }
  }
  return melts
}
