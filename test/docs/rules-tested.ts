import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { table } from './markdown.js'

const RULES = 10
const NAMED =
  /(?:it|describe|test)(?:\.each)?\b[^\n]*?\brule (\d+)\b|^\s*\]\)\('[^\n]*?\brule (\d+)\b|, and rule (\d+):/gm

/** By rule of the plant, the specs whose tests name it. */
export async function rulesTested(root: string): Promise<string> {
  const specs = globSync('{libs,apps,test}/**/*.spec.ts', { cwd: root }).filter(
    (spec) => !spec.startsWith('test/docs/'),
  )
  const byRule = new Map(Array.from({ length: RULES }, (_, i) => [i + 1, new Set<string>()]))
  for (const spec of specs.sort()) {
    const text = await readFile(join(root, spec), 'utf8')
    for (const found of text.matchAll(NAMED)) byRule.get(Number(found[1] ?? found[2] ?? found[3]))?.add(spec)
  }
  return table(
    ['rule', 'tests that name it are in'],
    [...byRule].map(([rule, files]) => {
      if (files.size === 0) throw new Error(`no test names rule ${rule}`)
      return [String(rule), [...files].map((file) => `[${basename(file, '.spec.ts')}](../${file})`).join(', ')]
    }),
  )
}
