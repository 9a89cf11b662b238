/** Checks bodies, queries and path parameters against their zod schemas, and names every fault at once. */
import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common'
import type { z } from 'zod'
import { Problem, type ProblemFault } from './problem.js'

const MOST_FAULTS = 1_000
const LONGEST_VALUE = 200
const MISSING = Symbol('missing')

const PLACES: Partial<Record<string, 'query' | 'path'>> = { query: 'query', param: 'path' }

type Issue = z.core.$ZodIssue

@Injectable()
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  override async transform<T>(value: unknown, metadata: ArgumentMetadata): Promise<T> {
    if (!metadata.schema || !this.toValidate(metadata)) return value as T
    this.stripProtoKeys(value)
    const result = await this.validate<T>(value, metadata.schema)
    if (result.issues) throw invalidRequest(result.issues as readonly Issue[], value, metadata)
    return result.value
  }
}

/** Every issue as a fault of the request, with its pointer from the root of what was checked. */
export function invalidRequest(issues: readonly Issue[], input: unknown, metadata: Partial<ArgumentMetadata>): Problem {
  const place = PLACES[metadata.type ?? 'body']
  const root = metadata.data ? [metadata.data] : []
  const faults: ProblemFault[] = issues
    .flatMap((issue) => faultsOf(issue, input))
    .map(({ path, ...fault }) => ({
      ...(place && { in: place }),
      pointer: [...root, ...path]
        .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`)
        .join(''),
      ...fault,
    }))
  const [only] = faults
  const detail =
    only && faults.length === 1
      ? `${only.pointer || 'The request'}: ${only.message}`
      : `${faults.length} things in the request are not right; "errors" lists ${faults.length > MOST_FAULTS ? `the first ${MOST_FAULTS}` : 'them all'}.`
  return new Problem(400, 'invalid-request', detail, { errors: faults.slice(0, MOST_FAULTS) })
}

type Found = Omit<ProblemFault, 'pointer' | 'in'> & { path: readonly PropertyKey[] }

function faultsOf(issue: Issue, input: unknown): Found[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    // Without what stands there: it may be a password in a field whose name was mistyped.
    return issue.keys.map((key) => ({
      path: [...path, key],
      rule: 'unknown-field',
      message: `there is no field "${key}" here`,
    }))
  }
  if (issue.code === 'invalid_union') {
    // The alternative that fits best says most; the words of all of them would bury it.
    const [closest] = issue.errors.toSorted((one, other) => one.length - other.length)
    if (closest?.length)
      return closest.flatMap((inner) => faultsOf({ ...inner, path: [...path, ...inner.path] }, input))
  }
  const value = at(input, path)
  if (value === MISSING) return [{ path, rule: 'required', message: 'this is missing' }]
  return [{ path, rule: issue.code.replaceAll('_', '-'), message: issue.message, ...shown(value, path.at(-1)) }]
}

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return MISSING
    value = (value as Record<PropertyKey, unknown>)[part]
  }
  return value === undefined ? MISSING : value
}

const SECRET = /password|invitation|secret|token|key/i

/** Long texts and whole objects are known to the caller; repeating them helps nobody, and repeating secrets less. */
function shown(value: unknown, name: PropertyKey | undefined): { value?: unknown } {
  if (value === MISSING || (typeof value === 'object' && value !== null)) return {}
  if (typeof name === 'string' && SECRET.test(name)) return {}
  return {
    value: typeof value === 'string' && value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value,
  }
}
