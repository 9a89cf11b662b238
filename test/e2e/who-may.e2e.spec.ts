/** Every route of the API document, called as every role and as nobody: the answer is what the one table says. */
import type { Type } from '@nestjs/common'
import { PATH_METADATA } from '@nestjs/common/constants.js'
import { DiscoveryService, MetadataScanner } from '@nestjs/core'
import { RelayModule } from '#apps/relay/src/relay.module'
import { StandaloneModule } from '#apps/standalone/src/standalone.module'
import { ApiKeys } from '#platform/identity/api-keys'
import { PERMISSIONS, type Permission, rolesWith } from '#platform/identity/permissions'
import { ROLES, type Role } from '#platform/identity/roles'
import { type TestApp, testApp } from '../support/app.js'

interface Route {
  readonly method: string
  readonly path: string
  readonly operationId: string
  /** Undefined where anyone may call. */
  readonly permission?: Permission
}

type Operations = Record<string, { operationId: string; 'x-permission'?: Permission }>

interface Walked {
  readonly app: TestApp
  readonly routes: readonly Route[]
  token(role: Role): string
}

async function walkable(module: Type, settings: Record<string, string> = {}): Promise<Walked> {
  const app = await testApp({ module, settings })
  const document = (await app.http.get<{ paths: Record<string, Operations> }>('/api/openapi.json')).body
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      method: method.toUpperCase(),
      // Things that are not there: who may ask is looked at before what is asked.
      path: path.replaceAll(/\{\w+\}/g, 'NOT-THERE'),
      operationId: operation.operationId,
      permission: operation['x-permission'],
    })),
  )
  const partner = await app.app.get(ApiKeys).make({ role: 'partner', partner: 'AZAL', name: 'partner' })
  return { app, routes, token: (role) => (role === 'partner' ? partner.token : app.token(role)) }
}

/** What a caller is told before anything is done. */
async function statusOf({ app }: Walked, { method, path }: Route, authorization?: string) {
  const response = await fetch(`${app.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(authorization && { authorization }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
    },
    ...(method !== 'GET' && { body: '{}' }),
  })
  // A stream of changes has no end.
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json')
  const rule = isProblem ? ((await response.json()) as { rule: string }).rule : undefined
  if (!isProblem) await response.body?.cancel()
  return { status: response.status, rule }
}

describe.each([
  ['the product', StandaloneModule, {}],
  ['the relay', RelayModule, { KAFKA_BROKERS: '127.0.0.1:1' }],
])('Every route of %s', (_name, module, settings) => {
  let walked: Walked
  beforeAll(async () => {
    walked = await walkable(module, settings)
  })
  afterAll(() => walked.app.close())

  it('is in the document', () => {
    const scanner = walked.app.app.get(MetadataScanner, { strict: false })
    const handlers = walked.app.app
      .get(DiscoveryService, { strict: false })
      .getControllers()
      .flatMap(({ metatype }) =>
        scanner
          .getAllMethodNames(metatype!.prototype)
          .filter((name) => Reflect.hasMetadata(PATH_METADATA, metatype!.prototype[name]))
          .map((name) => `${metatype!.name.replace(/Controller$/, '')}_${name}`),
      )
    expect(handlers.length).toBeGreaterThan(3)
    expect(walked.routes.map(({ operationId }) => operationId).sort()).toEqual(handlers.sort())
  })

  it('is closed to nobody’s calls, unless anyone may call it', async () => {
    for (const route of walked.routes) {
      const { status, rule } = await statusOf(walked, route)
      const told = `${route.method} ${route.path} ${rule}`
      if (route.permission) expect([told, status]).toEqual([`${route.method} ${route.path} not-signed-in`, 401])
      else expect([told, status]).not.toEqual([told, 403])
    }
  })

  it.each(ROLES)('answers the role %s as the table says', async (role) => {
    const wrong: unknown[] = []
    for (const route of walked.routes) {
      const { status, rule } = await statusOf(walked, route, `Bearer ${walked.token(role)}`)
      const may = route.permission === undefined || rolesWith(route.permission).includes(role)
      const isRefused = status === 403 && rule === 'not-allowed'
      if (may === isRefused || status >= 500) wrong.push({ ...route, may, status, rule })
    }
    expect(wrong).toEqual([])
  })
})

it('Every permission of the table is that of some route', async () => {
  const product = await walkable(StandaloneModule)
  const relay = await walkable(RelayModule, { KAFKA_BROKERS: '127.0.0.1:1' })
  const used = new Set([...product.routes, ...relay.routes].map(({ permission }) => permission))
  await product.app.close()
  await relay.app.close()
  expect(PERMISSIONS.filter((permission) => !used.has(permission))).toEqual([])
})

it('The auditor and partners record nothing', () => {
  const writing = PERMISSIONS.filter(
    (permission) => !/^(read|search|export|match|follow)-|^manage-own-access$/.test(permission),
  )
  for (const permission of writing) {
    expect([permission, rolesWith(permission).filter((role) => role === 'auditor' || role === 'partner')]).toEqual([
      permission,
      [],
    ])
  }
})
