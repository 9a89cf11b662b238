import type { Coil } from './state.js'

/**
 * All that was made from a coil, over generations, nearest first, each once. A coil joined from several is met on
 * several ways. `read` gives the coils of one generation.
 */
export async function descendantsOf(
  coil: Coil,
  read: (coils: readonly string[]) => Promise<readonly Coil[]>,
): Promise<Coil[]> {
  const met = new Set([coil.coil])
  const family: Coil[] = []
  for (let generation: readonly Coil[] = [coil]; generation.length > 0; ) {
    const next = new Set(generation.flatMap((mother) => mother.children.filter((child) => !met.has(child))))
    if (next.size === 0) break
    generation = await read([...next])
    for (const child of generation) met.add(child.coil)
    family.push(...generation)
  }
  return family
}
