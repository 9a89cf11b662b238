/** What the document of the API needs beside what the routes say of themselves. */
import type { OpenAPIObject } from '@nestjs/swagger'
import { ROLES } from '../identity/roles.js'
import { problemSchema } from '../problems/problem.schema.js'

/** In the order of a coil's life, then what is asked about it. */
export const TAGS: Readonly<Record<string, string>> = {
  stock: 'What is on hand, expected, in process or reserved, and where',
  coils: 'One coil: its passport, what happens to it in the yard, and its quality',
  arrivals: 'Packing lists: what suppliers announce',
  receipt: 'Coils that come in at the gate',
  casting: 'Casting runs, melts and their analyses',
  processing: 'Work on lines: roll, slit, anneal, coat, cut, join, remelt and the like',
  approvals: 'What takes two people: asked by one, approved by another',
  packs: 'Coils that travel on one skid',
  sales: 'Orders, reservations, sales, dispatch and returns',
  balance: 'The books: every kilogram that came in is somewhere',
  throughput: 'What the lines make, how long metal is here, and what is being worked on',
  changes: 'Events as they come',
  plant: 'Partners, places, lines, alloys and tempers that the plant knows',
  access: 'Who may come in: people and their sessions, keys of programs',
  relay: 'The relay to Kafka: how far it is, and the document of its topic',
  projections: 'Read models: how far they are, what is parked, rebuilds',
  health: 'For whoever watches the process',
}

const METHODS = ['get', 'post', 'put', 'delete'] as const

type Path = OpenAPIObject['paths'][string]
type Operation = NonNullable<Path['get']> & { 'x-roles'?: readonly string[] }

/** The document with its problems, roles in words, and in the order of `TAGS`. */
export function finished(document: OpenAPIObject): OpenAPIObject {
  const { paths } = document
  const operations = Object.values(paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []))
  for (const operation of operations) {
    sayWhoMay(operation)
    takeTextAsText(operation)
  }
  for (const path of Object.values(paths)) {
    for (const method of METHODS) if (path[method]) answerProblems(path[method], method !== 'get')
  }
  const used = new Set(operations.flatMap((operation) => operation.tags ?? []))
  const order = [...new Set([...Object.keys(TAGS), ...used])]
  const rank = (path: Path) => order.indexOf(METHODS.flatMap((method) => path[method]?.tags?.[0] ?? [])[0] ?? '')
  return plain({
    ...document,
    tags: document.tags?.filter(({ name }) => used.has(name)),
    paths: Object.fromEntries(
      Object.entries(paths)
        .sort(([a, one], [b, other]) => rank(one) - rank(other) || (a < b ? -1 : 1))
        .map(([address, path]) => [address, inOrder(path)]),
    ),
    components: { ...document.components, schemas: { ...document.components?.schemas, Problem: problemSchema } },
  })
}

function inOrder(path: Path): Path {
  const known = METHODS.flatMap((method) => (path[method] ? [[method, path[method]]] : []))
  return { ...Object.fromEntries(known), ...path }
}

function sayWhoMay(operation: Operation): void {
  const roles = operation['x-roles']
  const who = !roles
    ? 'Nobody need say who they are.'
    : roles.length === ROLES.length
      ? 'For every role.'
      : `For ${roles.join(', ')}.`
  operation.description = operation.description ? `${operation.description}\n\n${who}` : who
}

/** A body of text/csv is what a form sends as its `file`, not the form's fields as an object. */
function takeTextAsText({ requestBody }: Operation): void {
  if (!requestBody || '$ref' in requestBody) return
  const csv = requestBody.content['text/csv']
  if (!csv?.schema || !('properties' in csv.schema)) return
  const file = csv.schema.properties?.file
  const example = file && 'example' in file ? file.example : undefined
  requestBody.content['text/csv'] = { schema: { type: 'string', ...(example && { example }) } }
}

/** What may go wrong anywhere, or with any body, or where one must say who one is. A route tells what is its own. */
const ANYWHERE = {
  400: 'The request is not well-formed; every fault is listed.',
  429: 'That was too much in too short a time; Retry-After says when to try again.',
  503: 'What this needs cannot be reached, or is not so far, at this moment; Retry-After says when to try again.',
}
const OF_NAMES = { 414: 'A name in the address is longer than any is.' }
const OF_BODIES = {
  413: 'The body is longer than is taken.',
  415: 'The body is of a kind that is not taken here.',
}
const OF_THE_KNOWN = {
  401: 'Nobody is signed in, or the key or the session is not good, or not any more.',
  403: 'Who asks has not the permission, or not for this, or was sent here by a page of another site.',
}
const OF_ANYONE = { 403: 'A page of another site sent this.' }

/** Whatever goes wrong is answered in one shape. What is not listed does not happen. */
function answerProblems(operation: Operation, changes: boolean): void {
  const { responses, requestBody, parameters = [] } = operation
  const named = parameters.some((parameter) => 'in' in parameter && parameter.in === 'path')
  const known: Record<string, string> = {
    ...ANYWHERE,
    ...(named && OF_NAMES),
    ...(requestBody && OF_BODIES),
    ...(operation['x-roles'] ? OF_THE_KNOWN : changes && OF_ANYONE),
  }
  for (const [status, description] of Object.entries(known)) responses[status] ??= { description }
  for (const [status, response] of Object.entries(responses)) {
    if (response && !('$ref' in response) && Number(status) >= 400) response.content ??= PROBLEM_CONTENT
  }
}

const LARGEST = Number.MAX_SAFE_INTEGER

/**
 * Without what zod says and nobody needs to be told: that an integer is a safe one, and how a date is spelled where
 * `format` says so already. Pages make their examples from these.
 */
function plain<Node>(node: Node): Node {
  if (Array.isArray(node)) return node.map(plain) as Node
  if (typeof node !== 'object' || node === null) return node
  const { minimum, maximum, format } = node as Record<string, unknown>
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      !(key === 'pattern' && typeof value === 'string' && (format === 'date-time' || format === 'date')) &&
      !(key === 'minimum' && minimum === -LARGEST) &&
      !(key === 'maximum' && maximum === LARGEST),
  )
  return Object.fromEntries(entries.map(([key, value]) => [key, plain(value)])) as Node
}

const PROBLEM_CONTENT = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } }
