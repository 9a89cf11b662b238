import 'reflect-metadata'
import { globSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenAPIObject } from '@nestjs/swagger'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { allApis } from './apis.js'
import { documents, ROOT } from './documents.js'
import { faultsOf } from './faults.js'

const STALE = 'This document is not what the code says now: "npm run docs" writes it anew.'

describe('The documents', () => {
  let database: TestDatabase
  let api: OpenAPIObject
  beforeAll(async () => {
    database = await testDatabase()
    api = await allApis(database.url)
  })
  afterAll(() => database.drop())

  it('that are made from the code say what the code says', async () => {
    for (const [path, text] of await documents(api)) {
      const kept = await readFile(join(ROOT, path), 'utf8')
      if (kept !== text) throw new Error(`${path}: ${STALE}\n${firstDifference(kept, text)}`)
    }
  })

  it('name every route of the product with its permission', async () => {
    const page = await readFile(join(ROOT, 'docs/permissions.md'), 'utf8')
    const routes = Object.entries(api.paths).flatMap(([address, path]) =>
      Object.keys(path).map((method) => `\`${method.toUpperCase()} ${address}\``),
    )
    expect(routes.length).toBeGreaterThan(70)
    for (const route of [...routes, '`GET /api/relay`']) expect(page).toContain(route)
  })

  it('name every fault that a test expects of the product', async () => {
    const known = new Set((await faultsOf(ROOT)).map(({ rule }) => rule))
    const specs = globSync('{libs/domain,apps}/**/*.spec.ts', { cwd: ROOT })
    expect(specs.length).toBeGreaterThan(30)
    for (const spec of specs) {
      const text = await readFile(join(ROOT, spec), 'utf8')
      for (const [, rule] of text.matchAll(/thenRefused\('([^']+)'/g)) expect([...known]).toContain(rule)
    }
  })

  it('name no fault, under the ten rules, that the product does not have', async () => {
    const known = new Set((await faultsOf(ROOT)).map(({ rule }) => rule))
    const rules = await readFile(join(ROOT, 'docs/rules.md'), 'utf8')
    const lists = [...rules.matchAll(/^Faults: (.*?)\.$/gms)].map(([, list]) => list!)
    expect(lists).toHaveLength(10)
    for (const [, rule] of lists.join(' ').matchAll(/`([^`]+)`/g)) expect([...known]).toContain(rule)
  })
})

function firstDifference(kept: string, made: string): string {
  const [before, now] = [kept.split('\n'), made.split('\n')]
  const at = now.findIndex((line, i) => line !== before[i])
  return `line ${at + 1}\n  is   ${before[at] ?? ''}\n  must ${now[at] ?? ''}`
}
