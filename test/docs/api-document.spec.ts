import 'reflect-metadata'
import type { OpenAPIObject } from '@nestjs/swagger'
import { TAGS } from '#platform/http/openapi-document'
import { type TestApp, testApp } from '#test/support/app'

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & { 'x-roles'?: readonly string[] }
// biome-ignore lint/suspicious/noExplicitAny: a schema is read as a program without our types would.
type Schema = any

const PROBLEM = 'application/problem+json'

interface Route {
  readonly method: string
  readonly address: string
  readonly operation: Operation
}

describe('The document of the API', () => {
  let product: TestApp
  let document: OpenAPIObject
  let routes: readonly Route[]
  beforeAll(async () => {
    product = await testApp()
    document = (await product.http.get('/api/openapi.json', { as: null })).body
    routes = Object.entries(document.paths).flatMap(([address, path]) =>
      Object.entries(path as Record<string, Operation>).map(([method, operation]) => ({ method, address, operation })),
    )
  })
  afterAll(() => product.close())

  it('says of every route what it is for, in which part, under a name of its own', () => {
    for (const { address, operation } of routes) {
      expect([address, operation.summary]).toEqual([address, expect.stringMatching(/^[A-Z].{5,}/)])
      expect(Object.keys(TAGS)).toContain(operation.tags?.[0])
    }
    const names = routes.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    // The relay is an app of its own, and in no standalone product.
    const tags = Object.keys(TAGS).filter((tag) => tag !== 'relay')
    expect(document.tags?.map(({ name }) => name)).toEqual(tags)
  })

  it('says of every route what it answers, when all goes well and when not', () => {
    for (const { address, method, operation } of routes) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const content = response && 'content' in response ? Object.keys(response.content ?? {}) : []
        const isBare = status === '204' || status.startsWith('3')
        expect([method, address, status, content.length]).toEqual([method, address, status, isBare ? 0 : 1])
        // That it is not ready a process tells with all its parts, as when it is.
        if (Number(status) >= 400 && address !== '/api/health/ready') expect(content).toEqual([PROBLEM])
      }
      expect(Object.keys(operation.responses).some((status) => /^[23]/.test(status))).toBe(true)
      expect(operation.responses).not.toHaveProperty('default')
    }
  })

  it('calls one thing by one name in all addresses', () => {
    const names = new Map<string, Set<string>>()
    for (const { address } of routes) {
      for (const [, collection, name] of address.matchAll(/\/([\w-]+)\/\{(\w+)\}/g)) {
        names.set(collection!, (names.get(collection!) ?? new Set()).add(name!))
      }
    }
    expect([...names].filter(([, all]) => all.size > 1)).toEqual([])
  })

  it('offers examples that are well-formed, one for every body', async () => {
    const withBody = routes.filter(({ operation }) => operation.requestBody)
    expect(withBody.length).toBeGreaterThan(40)
    for (const { method, address, operation } of withBody) {
      const [type, { schema }] = Object.entries<Schema>((operation.requestBody as Schema).content)[0]!
      const body = schema.example
      const path = address.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(exampleOf(operation, name)))
      expect([address, body]).toEqual([address, expect.anything()])
      const send = method === 'put' ? product.http.put : product.http.post
      const answer = await send(path, body, { headers: { 'content-type': type } })
      // Whether the plant allows it depends on the plant, and nobody has the password; that it can be read does not.
      if (![200, 201, 401, 404, 422].includes(answer.status)) {
        throw new Error(`${address} answers its own example with ${JSON.stringify(answer.body)}`)
      }
    }
  })

  it('tells of queries what they answer indeed', async () => {
    const plain = routes.filter(
      ({ method, address, operation }) =>
        method === 'get' && !address.includes('{') && jsonOf(operation) && address !== '/api/changes',
    )
    expect(plain.length).toBeGreaterThan(15)
    for (const { address, operation } of plain) {
      const { status, body } = await product.http.get(address)
      const required = [...(jsonOf(operation)?.required ?? [])]
      expect([address, status, Object.keys(body)]).toEqual([address, 200, expect.arrayContaining(required)])
      const properties = Object.keys(jsonOf(operation)?.properties ?? {})
      expect([address, Object.keys(body).filter((key) => !properties.includes(key))]).toEqual([address, []])
    }
  })
})

const jsonOf = ({ responses }: Operation): Schema => (responses['200'] as Schema)?.content?.['application/json']?.schema

const exampleOf = ({ parameters }: Operation, name: string): string => {
  const { schema } = (parameters as Schema[]).find((parameter) => parameter.in === 'path' && parameter.name === name)
  return String(schema.example ?? schema.examples?.[0] ?? 1)
}
