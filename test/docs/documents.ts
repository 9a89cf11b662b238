/**
 * Documents that are made from the code, whole or in part, so that they cannot say what is not so.
 * `npm run docs` writes them; a spec compares them with what it would write.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenAPIObject } from '@nestjs/swagger'
import { asyncApi } from './asyncapi.js'
import { eventsPage, eventsSchema } from './events.js'
import { faultsTable } from './faults.js'
import { delivered, licencesPage } from './licences.js'
import { permissionsPage } from './permissions.js'
import { rulesTested } from './rules-tested.js'
import { settingsTable } from './settings.js'

export const ROOT = join(import.meta.dirname, import.meta.filename.endsWith('.js') ? '../../..' : '../..')

/** Every document by its path, as it should be now. */
export async function documents(api: OpenAPIObject): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['docs/operating.md', await withRegion('docs/operating.md', 'settings', settingsTable())],
    [
      'docs/rules.md',
      fill(
        await withRegion('docs/rules.md', 'tests', await rulesTested(ROOT)),
        'faults',
        await faultsTable(ROOT),
        'docs/rules.md',
      ),
    ],
    ['docs/permissions.md', permissionsPage(api)],
    ['docs/licences.md', licencesPage(await delivered(ROOT))],
    ['docs/events.md', eventsPage()],
    ['docs/events.schema.json', eventsSchema()],
    ['docs/asyncapi.json', asyncApi()],
  ])
}

const withRegion = async (path: string, name: string, content: string) =>
  fill(await readFile(join(ROOT, path), 'utf8'), name, content, path)

/** A region is what stands between `<!-- name: made by "npm run docs" -->` and `<!-- end of name -->`. */
function fill(page: string, name: string, content: string, path: string): string {
  const [from, to] = [`<!-- ${name}: made by "npm run docs" -->\n`, `<!-- end of ${name} -->`]
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${path} has no place for "${name}": ${from.trim()} ... ${to}`)
  return `${page.slice(0, start + from.length)}\n${content}\n${page.slice(end)}`
}
