import type { Coil } from './state.js'

/** Gives the coils of one generation. */
type Read = (coils: readonly string[]) => Promise<readonly Coil[]>

/** All that was made from a coil, over generations, nearest first, each once. */
export const descendantsOf = (coil: Coil, read: Read): Promise<Coil[]> => generations([coil], read, childrenOf)

/** All that these coils were made from, over generations, nearest first, each once. */
export const ancestorsOf = (coils: readonly Coil[], read: Read): Promise<Coil[]> => generations(coils, read, mothersOf)

/** Those of `ancestors` that this coil was made from, nearest first. */
export function lineageOf(coil: Coil, ancestors: readonly Coil[]): Coil[] {
  const wanted = new Set(mothersOf(coil))
  // Sets grow while they are walked.
  for (const number of wanted) {
    for (const mother of ancestors.find((one) => one.coil === number)?.mothers ?? []) wanted.add(mother.coil)
  }
  return [...wanted].flatMap((number) => ancestors.find((one) => one.coil === number) ?? [])
}

const childrenOf = (coil: Coil): readonly string[] => coil.children
const mothersOf = (coil: Coil): readonly string[] => coil.mothers.map((mother) => mother.coil)

/** A coil joined from several is met on several ways. */
async function generations(
  coils: readonly Coil[],
  read: Read,
  nextOf: (coil: Coil) => readonly string[],
): Promise<Coil[]> {
  const met = new Set(coils.map((coil) => coil.coil))
  const family: Coil[] = []
  for (let generation = coils; generation.length > 0; ) {
    const next = new Set(generation.flatMap((coil) => nextOf(coil).filter((other) => !met.has(other))))
    if (next.size === 0) break
    generation = await read([...next])
    for (const other of generation) met.add(other.coil)
    family.push(...generation)
  }
  return family
}
