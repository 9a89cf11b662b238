/** Deep equality of facts as JSON knows them: a field left out is the same as one that is undefined. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => isSame(a[key], b[key]))
}

/** What is known says all this already, whatever else it says. */
export const saysAlready = (known: object, said: object): boolean =>
  Object.entries(said).every(([key, value]) => isSame((known as Record<string, unknown>)[key], value))
