import type { OpenAPIObject } from '@nestjs/swagger'
import { ROLES } from '#platform/identity/roles'
import { code, table } from './markdown.js'

const HEAD = `# Who may call what

Made by \`npm run docs\` from the routes themselves: each says who may call it, and the product does not start with one
that does not. A token has one role; without a token only what is marked "anyone" answers. Anybody with a token may read
everything: that partners see their own metal only is still to come.
`

type Paths = OpenAPIObject['paths']
type Operation = NonNullable<Paths[string]['get']> & { 'x-roles'?: readonly string[] }

/** Every route with the roles that may call it, in the order of the API's own page. */
export function permissionsPage({ paths }: Pick<OpenAPIObject, 'paths'>): string {
  const routes = Object.entries(paths).flatMap(([address, path]) =>
    Object.entries(path as Record<string, Operation>).map(([method, operation]) => ({ address, method, operation })),
  )
  const byTag = Map.groupBy(routes, ({ operation }) => operation.tags?.[0] ?? 'other')
  const parts = [...byTag].map(
    ([tag, ofTag]) => `## ${tag}\n\n${table(['route', 'what it does', ...ROLES], ofTag.map(rowOf))}\n`,
  )
  return [HEAD, ...parts].join('\n')
}

interface Route {
  readonly address: string
  readonly method: string
  readonly operation: Operation
}

function rowOf({ address, method, operation }: Route): string[] {
  const roles = operation['x-roles']
  const what = `${operation.summary ?? ''}${roles ? '' : ' (anyone)'}`
  return [
    code(`${method.toUpperCase()} ${address}`),
    what,
    ...ROLES.map((role) => (!roles || roles.includes(role) ? 'yes' : '')),
  ]
}
