/** From a JSON Schema of the API to values: most of them right, some of them hostile. */
import fc from 'fast-check'

export interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly propertyNames?: Schema
  readonly items?: Schema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly examples?: readonly unknown[]
  readonly example?: unknown
}

const nested = (depth: number): unknown => {
  let inner: unknown = 1
  for (let n = 0; n < depth; n++) inner = n % 2 ? [inner] : { a: inner }
  return inner
}

/** What people do not send, and others do. */
const HOSTILE: readonly unknown[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\u202Egnp.exe',
    'AZ\u200B-1',
    '\uD800',
    '\uFEFF',
    'ﷺ'.repeat(50),
    'A'.repeat(20_000),
  ],
  ...[
    "' OR 1=1 --",
    "'; DROP TABLE coils; --",
    '$1',
    '%',
    '_',
    '\\',
    '%27',
    '{{7*7}}',
    `\${7*7}`,
    '<script>alert(1)</script>',
  ],
  ...[
    '../../etc/passwd',
    '..%2f..%2f',
    '%00',
    '/',
    '//evil.example',
    '.',
    '..',
    'http://169.254.169.254/',
    '=1+1',
    '@SUM(A1)',
  ],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', 'true', '-0', '1e309', '0x10', '٣', '１'],
  ...['2026-02-30', '2026-11-07T24:00:00Z', '9999-12-31T23:59:60Z', '0000-01-01', '+275760-09-13T00:00:00Z'],
  ...[null, true, false, [], {}, [[]], [null], { __proto__: 1 }, nested(200), nested(3)],
  ...[0, -0, -1, 0.1, 1e-9, 1e21, -1e21, 2 ** 31, 2 ** 53, Number.MAX_VALUE, 99_999_999_999],
]
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
)

const DEEPEST = 6

/** Things that are there, by the name of the field or parameter that they are asked by. */
export type Known = Readonly<Record<string, readonly string[]>>

interface Place {
  readonly known: Known
  readonly name: string
  readonly depth: number
}

/** Of twelve values one is not what the schema asks for; where things of that name are known, most are those. */
export function anyValue(schema: Schema, known: Known, name = ''): fc.Arbitrary<unknown> {
  return valueAt(schema, { known, name, depth: 0 })
}

const valueAt = (schema: Schema, place: Place): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 11, arbitrary: fitting(schema, place) }, { weight: 1, arbitrary: hostile })

function fitting(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  const right = byType(schema, place)
  const examples = [...(schema.examples ?? []), ...(schema.example === undefined ? [] : [schema.example])]
  const there = schema.type === 'string' ? (place.known[place.name] ?? []) : []
  return fc.oneof(
    { weight: 3, arbitrary: right },
    ...(examples.length > 0 ? [{ weight: 3, arbitrary: fc.constantFrom(...examples) }] : []),
    ...(there.length > 0 ? [{ weight: 8, arbitrary: fc.constantFrom(...there) }] : []),
  )
}

function byType(schema: Schema, place: Place): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const ways = schema.anyOf ?? schema.oneOf
  if (ways) return fc.oneof(...ways.map((way) => fitting(way, place)))
  if (schema.allOf) return fitting(Object.assign({}, ...schema.allOf), place)
  const [type] = [schema.type ?? (schema.properties ? 'object' : 'string')].flat()
  if (type === 'object') return objectOf(schema, place)
  if (type === 'array') return arrayOf(schema, place)
  if (type === 'integer') return fc.integer(rangeOf(schema, 1_000_000))
  if (type === 'number') return fc.double({ ...rangeOf(schema, 1_000_000), noNaN: true })
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  return textOf(schema)
}

function rangeOf({ minimum = 0, maximum = minimum + 50_000 }: Schema, widest: number) {
  const min = Math.max(Math.ceil(minimum), -widest)
  return { min, max: Math.max(min, Math.min(Math.floor(maximum), widest)) }
}

function textOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid()
  const past = { min: new Date('2026-01-01'), max: new Date(), noInvalidDate: true }
  if (format === 'date') return fc.date(past).map((date) => date.toISOString().slice(0, 10))
  if (format === 'date-time') return fc.date(past).map((date) => date.toISOString())
  if (pattern) return fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength))
  return fc.string({ minLength, maxLength: Math.min(Math.max(minLength, maxLength), 60) })
}

function arrayOf({ items = {}, minItems = 0, maxItems = 5 }: Schema, place: Place): fc.Arbitrary<unknown> {
  if (place.depth > DEEPEST) return fc.constant([])
  const item = valueAt(items, { ...place, depth: place.depth + 1 })
  return fc.array(item, { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 5)) })
}

function objectOf(schema: Schema, { known, depth }: Place): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema
  if (depth > DEEPEST) return fc.constant({})
  const inside = (of: Schema, name: string) => valueAt(of, { known, name, depth: depth + 1 })
  if (Object.keys(properties).length === 0 && typeof additionalProperties === 'object') {
    const names = schema.propertyNames ? inside(schema.propertyNames, '').map(String) : fc.string({ maxLength: 10 })
    return fc.dictionary(names, inside(additionalProperties, ''), { maxKeys: 5 })
  }
  const fields = Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, inside(of, name)]))
  const right = fc.record(fields, { requiredKeys: required.filter((name) => name in fields) })
  return fc.oneof(
    { weight: 12, arbitrary: right },
    { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.tuple(right, hostile).map(([body, more]) => ({ ...(body as object), surprise: more })) },
  )
}
