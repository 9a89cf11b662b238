/** Asks a running Coiltrail anything, and says what it answered that it says it never does. */
import fc from 'fast-check'
import type { Role } from '#platform/identity/roles'
import { anyRequest, type FuzzRequest, type Operation, operationsOf } from './requests.js'
import type { Known } from './values.js'

export interface Fuzzing {
  readonly url: string
  /** By the name of who asks: the first may do everything; an empty one says not who it is. */
  readonly keys: Readonly<Record<string, string>>
  readonly ms: number
  /** The same seed asks the same, as far as what is there is the same. */
  readonly seed: number
  /** Told of each answer. */
  readonly heard?: (operation: Operation, status: number) => void
}

export interface Fuzzed {
  readonly requests: number
  /** One of each kind, in its smallest form, and how to ask for it again. */
  readonly faults: readonly string[]
}

const PATIENCE_MS = 30_000
/** Not the caller's fault, and passes: a read model that is behind, a queue that is full. */
const PASSES = 503

export async function fuzz({ url, keys, ms, seed, heard }: Fuzzing): Promise<Fuzzed> {
  const [first] = Object.values(keys)
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as Parameters<typeof operationsOf>[0]
  const operations = operationsOf(document).filter(({ method, path }) => !ENDLESS.has(`${method} ${path}`))
  const requests = anyRequest(operations, Object.keys(keys), await thingsOf(url, first!))
  const faults = new Map<string, string>()
  let asked = 0
  const end = performance.now() + ms
  for (let round = 0; performance.now() < end; round++) {
    let last: [kind: string, fault: string] | undefined
    const property = fc.asyncProperty(requests, async (request) => {
      asked++
      const { status, fault } = await ask(url, keys[request.as]!, request)
      heard?.(request.operation, status)
      const kind = `${request.operation.method} ${request.operation.path} ${status}`
      if (fault === undefined || faults.has(kind)) return
      last = [kind, `${fault}\n${inWords(url, request)}`]
      throw new Error(fault)
    })
    const numRuns = Number.MAX_SAFE_INTEGER
    await fc.check(property, { seed: seed + round, numRuns, interruptAfterTimeLimit: end - performance.now() })
    if (last) faults.set(...last)
  }
  return { requests: asked, faults: [...faults.values()] }
}

/** A stream has no end to wait for. */
const ENDLESS = new Set(['GET /api/changes'])

async function ask(url: string, key: string, { operation, path, headers, body }: FuzzRequest) {
  const { method, statuses } = operation
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...headers, ...(key && { authorization: `Bearer ${key}` }) },
    ...(body !== undefined && method !== 'GET' && { body }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  })
  const { status } = response
  const text = await response.text()
  return { status, fault: faultOf(status, statuses, response.headers.get('content-type') ?? '', text) }
}

function faultOf(status: number, statuses: readonly string[], type: string, text: string): string | undefined {
  const told = text.slice(0, 1_000)
  if (status >= 500 && status !== PASSES) return `answered with ${status}: ${told}`
  // An address that leads to no route is no route's to document.
  const isNoRoute = status === 404 && text.includes('"rule":"unknown-route"')
  if (!statuses.includes(String(status)) && !isNoRoute)
    return `answered with ${status}, which is not documented: ${told}`
  if (status < 400) return undefined
  if (!type.startsWith('application/problem+json')) return `a refusal of the type ${type}: ${told}`
  const { rule, detail, title, status: repeated } = JSON.parse(text)
  if (!rule || !detail || !title || repeated !== status) return `a refusal that does not say what is wrong: ${told}`
  if (/\bat .*\.(js|ts):\d+|node_modules|SELECT |relation "/.test(text))
    return `a refusal that tells of our insides: ${told}`
  return undefined
}

/** As somebody would ask it again by hand. */
function inWords(url: string, { operation, as, path, headers, body }: FuzzRequest): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  const told = Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`)
  const sent = body === undefined ? [] : [`--data-binary ${quoted(body.slice(0, 4_000))}`]
  return [`as ${as || 'nobody'}: curl -X ${operation.method} ${quoted(url + path)}`, ...told, ...sent].join(' ')
}

/** Numbers and codes of what is there, by the names that parameters and fields have for them. */
async function thingsOf(url: string, key: string): Promise<Known> {
  const list = async (path: string, name: string): Promise<string[]> => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
    const { items } = (await response.json()) as { items: Record<string, string>[] }
    return items.map((item) => item[name]!).slice(0, 40)
  }
  const coils = await list('/api/stock?limit=40', 'coil')
  const processOrders = await list('/api/process-orders', 'processOrder')
  const salesOrders = await list('/api/sales-orders', 'salesOrder')
  const runs = await list('/api/casting-runs', 'castingRun')
  const lines = await list('/api/lines', 'line')
  const locations = await list('/api/locations', 'location')
  const partners = await list('/api/partners', 'partner')
  const packingLists = await list('/api/packing-lists', 'packingList')
  return {
    ...{ coil: coils, coils, inputs: coils, stream: coils.map((coil) => `coil-${coil}`) },
    ...{ order: [...processOrders, ...salesOrders], processOrder: processOrders, salesOrder: salesOrders },
    ...{ run: runs, castingRun: runs, line: lines, processLine: lines, packingList: packingLists },
    name: ['operations', 'inventory', 'throughput'],
    ...{ location: locations, to: locations, from: locations },
    ...{
      partner: partners,
      owner: partners,
      holder: partners,
      customer: partners,
      supplier: partners,
      carrier: partners,
    },
  }
}

/** Keys of these roles of a Coiltrail, by their names, and nobody. The administrator first. */
export function callersOf(token: (role: Role) => string): Record<string, string> {
  const roles: readonly Role[] = ['administrator', 'operator', 'quality', 'planner', 'sales', 'auditor']
  return { ...Object.fromEntries(roles.map((role) => [role, token(role)])), '': '' }
}
