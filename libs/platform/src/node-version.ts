/** As `engines` in package.json says it. */
const NEEDED = { major: 24, minor: 11 }

/** What is wrong with this version of Node, such as `20.20.2`, in a sentence; undefined if nothing is. */
export function unfitNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === NEEDED.major && minor >= NEEDED.minor) return undefined
  return `Coiltrail needs Node ${NEEDED.major}.${NEEDED.minor} or a later ${NEEDED.major}, and this is Node ${version}: "npm start" brings its own.`
}
