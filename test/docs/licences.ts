/** Under which licences stands what is delivered with Coiltrail: read from package-lock.json, which pins it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { table } from './markdown.js'

/** They ask for no more than to be named, of who passes the product on. */
const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
])

export interface Delivered {
  readonly name: string
  readonly version: string
  readonly licence: string
}

interface Lock {
  readonly packages: Readonly<
    Record<string, { version?: string; license?: string; dev?: boolean; devOptional?: boolean }>
  >
}

/** Everything but what only development needs. */
export async function delivered(root: string): Promise<Delivered[]> {
  const { packages }: Lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const all = Object.entries(packages).flatMap(([path, { version = '', license = 'unknown', dev, devOptional }]) =>
    path === '' || dev || devOptional ? [] : [{ name: path.split('node_modules/').at(-1)!, version, licence: license }],
  )
  const once = new Map(all.map((one) => [`${one.name} ${one.version}`, one]))
  return [...once.values()].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1,
  )
}

/** Those whose licence is none that we know to be permissive, in every part that must hold. */
export const notPermissive = (all: readonly Delivered[]): Delivered[] =>
  all.filter(
    ({ licence }) =>
      !licence
        .replaceAll(/[()]/g, '')
        .split(' AND ')
        .every((part) => PERMISSIVE.has(part)),
  )

export function licencesPage(all: readonly Delivered[]): string {
  const byLicence = [...Map.groupBy(all, ({ licence }) => licence)].sort(([, a], [, b]) => b.length - a.length)
  return [
    '# Licences',
    'Made by `npm run docs` from `package-lock.json`: every package that is delivered with Coiltrail, and its licence. A test\nrefuses one that is not permissive.',
    table(
      ['licence', 'packages'],
      byLicence.map(([licence, ofLicence]) => [licence, String(ofLicence.length)]),
    ),
    table(
      ['package', 'version', 'licence'],
      all.map(({ name, version, licence }) => [name, version, licence]),
    ),
    '',
  ].join('\n\n')
}
