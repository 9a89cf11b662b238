/** The first of all imports of a process: another Node would get as far as tables and tokens, and then fail in riddles. */
import { unfitNode } from './node-version.js'

const unfit = unfitNode(process.versions.node)
if (unfit) {
  process.stderr.write(`${unfit}\n`)
  process.exit(1)
}
