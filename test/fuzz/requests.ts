/** From the API document to requests: any route, by anybody, with anything in path, query, headers and body. */
import fc from 'fast-check'
import { anyValue, hostile, type Known, type Schema } from './values.js'

export interface Operation {
  readonly method: string
  readonly path: string
  readonly statuses: readonly string[]
  readonly parameters: readonly Parameter[]
  /** By media type. */
  readonly bodies: Readonly<Record<string, Schema>>
}

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema?: Schema
}

export interface FuzzRequest {
  readonly operation: Operation
  readonly as: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}
interface DocumentedOperation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
  readonly responses: Readonly<Record<string, unknown>>
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody, responses }]) => ({
      method: method.toUpperCase(),
      path,
      parameters,
      statuses: Object.keys(responses),
      bodies: Object.fromEntries(
        Object.entries(requestBody?.content ?? {}).map(([type, { schema = {} }]) => [type, schema]),
      ),
    })),
  )
}

/** @param callers names of whoever may ask; most is asked by the first, who may do everything */
export function anyRequest(
  operations: readonly Operation[],
  callers: readonly string[],
  known: Known,
): fc.Arbitrary<FuzzRequest> {
  const [first, ...others] = callers
  const as = fc.oneof(
    { weight: 8, arbitrary: fc.constant(first!) },
    { weight: 2, arbitrary: fc.constantFrom(...others) },
  )
  return fc.constantFrom(...operations).chain((operation) => requestOf(operation, as, known))
}

function requestOf(operation: Operation, as: fc.Arbitrary<string>, known: Known): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      as,
      path: pathOf(operation, known),
      query: queryOf(operation, known),
      headers: headersOf(operation, known),
      body: bodyOf(operation, known),
    })
    .map(({ as, path, query, headers, body }) => ({
      operation,
      as,
      path: `${path}${query && `?${query}`}`,
      headers: { ...headers, ...(body && { 'content-type': body.type }) },
      body: body?.text,
    }))
}

function pathOf({ path, parameters }: Operation, known: Known): fc.Arbitrary<string> {
  const values = parameters
    .filter((parameter) => parameter.in === 'path')
    .map(({ name, schema = {} }) => anyValue(schema, known, name).map((value) => [name, asText(value)] as const))
  return fc.tuple(...values).map((named) => {
    const filled = new Map<string, string>(named)
    return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(filled.get(name)!) || '%20')
  })
}

function queryOf({ parameters }: Operation, known: Known): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema = {}, required }) =>
      fc
        .option(anyValue(schema, known, name), { nil: undefined, freq: required ? 20 : 1 })
        .map((value) => (value === undefined ? [] : [value].flat().map((one) => `${name}=${encoded(asText(one))}`))),
    )
  const surprise = fc.option(
    hostile.map((value) => `surprise=${encoded(asText(value))}`),
    { nil: undefined, freq: 1 },
  )
  return fc
    .tuple(fc.tuple(...pairs), fc.integer({ min: 1, max: 15 }), surprise)
    .map(([told, chance, more]) => [...told.flat(), ...(chance === 1 && more ? [more] : [])].join('&'))
}

function headersOf({ parameters }: Operation, known: Known): fc.Arbitrary<Record<string, string>> {
  const fields = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name, schema = {}, required }) => {
      const value =
        name === 'Idempotency-Key'
          ? fc.oneof({ weight: 9, arbitrary: fc.uuid() }, anyValue(schema, known))
          : anyValue(schema, known)
      return [name, { value: value.map(asHeader), required }] as const
    })
  const source = { value: fc.constantFrom('ui', 'scanner', 'api', 'import', 'telepathy'), required: false }
  const seldom = [...fields, ['X-Source', source] as const].map(([name, { value, required }]) =>
    // What need not be there mostly is not: a wrong If-Match would keep everything else from being looked at.
    fc
      .tuple(value, fc.integer({ min: 1, max: 10 }))
      .map(([told, chance]) => (required || chance === 1 ? [[name, told] as const] : [])),
  )
  return fc.tuple(...seldom).map((told) => Object.fromEntries(told.flat()))
}

function bodyOf({ bodies }: Operation, known: Known): fc.Arbitrary<{ type: string; text: string } | undefined> {
  const ways = Object.entries(bodies).map(([type, schema]) => {
    const text =
      type === 'application/json'
        ? anyValue(schema, known).map(asJson)
        : anyValue({ type: 'string', ...schema }, known).map(asText)
    return text.map((written) => ({ type, text: written }))
  })
  if (ways.length === 0) return fc.constant(undefined)
  const broken = fc.constantFrom(
    { type: 'application/json', text: '{"a":' },
    { type: 'application/json', text: '' },
    { type: 'text/plain', text: 'hello' },
    { type: 'application/xml', text: '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>' },
    { type: 'multipart/form-data; boundary=x', text: '--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n--x' },
  )
  return fc.oneof({ weight: 30, arbitrary: fc.oneof(...ways) }, { weight: 1, arbitrary: broken })
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
/** What fetch would not send says nothing about us. */
const asHeader = (value: unknown): string =>
  asText(value)
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
    .trim()
    .slice(0, 4_000)
const asJson = (value: unknown): string => JSON.stringify(value) ?? 'null'

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).slice(0, 6_000).replace(/%.?$/, '')
}
