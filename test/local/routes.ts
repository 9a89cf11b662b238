/** Which app answers what, in the distributed profile. docker/Caddyfile says the same to the proxy of the containers. */

export const APPS = ['operations', 'relay', 'inventory', 'throughput'] as const
export type App = (typeof APPS)[number]

const isUnder = (path: string, ...roots: string[]) => roots.some((root) => path === root || path.startsWith(`${root}/`))

/**
 * The app, and the path as it knows it: what every app has (health, its own document) is under the app's name as well,
 * as in `/inventory/api/health/ready`. `path` is without its query.
 */
export function routeOf(method: string, path: string): { readonly app: App; readonly path: string } {
  for (const app of APPS) if (path.startsWith(`/${app}/`)) return { app, path: path.slice(app.length + 1) }
  return { app: appOf(method, path), path }
}

function appOf(method: string, path: string): App {
  if (isUnder(path, '/api/relay', '/api/asyncapi.json')) return 'relay'
  if (isUnder(path, '/api/projections/inventory')) return 'inventory'
  if (isUnder(path, '/api/projections/throughput')) return 'throughput'
  if (path === '/' || isUnder(path, '/api/projections', '/api/health', '/api/docs', '/api/openapi.json')) {
    return 'operations'
  }
  if (isUnder(path, '/api/session', '/api/sessions', '/api/accounts', '/api/keys')) return 'operations'
  if (isUnder(path, '/sign-in', '/invitation', '/account')) return 'operations'
  if (isUnder(path, '/api/throughput')) return 'throughput'
  // What is left and reads is the inventory's, what is left and writes is a command.
  return method === 'GET' || method === 'HEAD' ? 'inventory' : 'operations'
}
