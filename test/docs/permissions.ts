import type { OpenAPIObject } from '@nestjs/swagger'
import { COMMANDS, OWN, type Permission, QUERIES, rolesWith } from '#platform/identity/permissions'
import { ROLES } from '#platform/identity/roles'
import { code, table } from './markdown.js'

const HEAD = `# Who may do what

Made by \`npm run docs\` from the table that the product enforces, libs/platform/src/identity/permissions.ts, and from the
routes, each of which names its permission there; the product does not start with one that names none. A test calls every
route as every role and as nobody. A key may be limited to some of its role's permissions, and to lines and locations.
A partner sees their own metal only, whatever they ask: see [security](security.md).

Nobody need say who they are for what is marked "anyone".
`

type Paths = OpenAPIObject['paths']
type Operation = NonNullable<Paths[string]['get']> & { 'x-permission'?: Permission }

/** The table of permissions, and every route with its own, in the order of the API's own page. */
export function permissionsPage({ paths }: Pick<OpenAPIObject, 'paths'>): string {
  const routes = Object.entries(paths).flatMap(([address, path]) =>
    Object.entries(path as Record<string, Operation>).map(([method, operation]) => ({ address, method, operation })),
  )
  const byTag = Map.groupBy(routes, ({ operation }) => operation.tags?.[0] ?? 'other')
  const parts = [...byTag].map(
    ([tag, ofTag]) => `### ${tag}\n\n${table(['route', 'what it does', 'permission'], ofTag.map(rowOf))}\n`,
  )
  return [
    HEAD,
    `## What is recorded or changed\n\n${permissions(COMMANDS)}\n`,
    `## What is asked\n\n${permissions(QUERIES)}\n`,
    `## What is one’s own\n\n${permissions(OWN)}\n`,
    '## Routes\n',
    ...parts,
  ].join('\n')
}

const permissions = (of: Partial<Record<Permission, unknown>>) =>
  table(
    ['permission', ...ROLES],
    (Object.keys(of) as Permission[]).map((permission) => [
      code(permission),
      ...ROLES.map((role) => (rolesWith(permission).includes(role) ? 'yes' : '')),
    ]),
  )

interface Route {
  readonly address: string
  readonly method: string
  readonly operation: Operation
}

function rowOf({ address, method, operation }: Route): string[] {
  const permission = operation['x-permission']
  return [code(`${method.toUpperCase()} ${address}`), operation.summary ?? '', permission ? code(permission) : 'anyone']
}
