/** The Markdown pages for people, and what stands in them. */
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './documents.js'

export interface Page {
  readonly path: string
  readonly text: string
}

export async function pages(): Promise<Page[]> {
  const paths = globSync(['*.md', 'docs/**/*.md'], { cwd: ROOT }).sort()
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(join(ROOT, path), 'utf8') })))
}

/** From this heading to the next of its level. */
export function section({ path, text }: Page, heading: string): string {
  const start = text.indexOf(`\n${heading}\n`)
  if (start < 0) throw new Error(`${path} has no "${heading}"`)
  const level = heading.split(' ', 1)[0]!
  const end = text.indexOf(`\n${level} `, start + heading.length)
  return text.slice(start, end < 0 ? undefined : end)
}

/** Code blocks in this language, '' for those without one. */
export const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, of, code]) => (of === language ? [code!] : []))
