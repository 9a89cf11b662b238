import type { z } from 'zod'

/** A fact of the plant, as decided: not recorded yet. */
export interface DomainEvent<Type extends string = string, Data = object> {
  readonly type: Type
  readonly data: Data
}

/** A fact as read back from a store; what folds and projections take. */
export interface StoredEvent {
  readonly type: string
  readonly data: object
  readonly metadata: Readonly<Record<string, string>>
}

type Upcast = (data: never) => object

/** Every version of one event type ever written; the last is the one written today. */
export interface EventVersions<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema
  /** Schemas of version 1, 2, ... up to and including `schema`. */
  readonly history: readonly z.ZodType[]
  /** `upcasts[i]` turns version i+1 into version i+2. */
  readonly upcasts: readonly Upcast[]
}

/** Version 1 of an event type. */
export function version1<Schema extends z.ZodType>(schema: Schema): EventVersions<Schema> {
  return { schema, history: [schema], upcasts: [] }
}

/** The next version of an event type, and how the one before is read as it. */
export function nextVersion<Old extends z.ZodType, Next extends z.ZodType>(
  before: EventVersions<Old>,
  schema: Next,
  upcast: (data: z.output<Old>) => z.output<Next> & object,
): EventVersions<Next> {
  return { schema, history: [...before.history, schema], upcasts: [...before.upcasts, upcast as Upcast] }
}

export type EventCatalog = Readonly<Record<string, EventVersions>>

/** The union of all events in a catalog: `{ type: 'CoilMoved', data: {...} } | ...` */
export type EventsOf<Catalog extends EventCatalog> = {
  [Type in keyof Catalog & string]: DomainEvent<Type, z.output<Catalog[Type]['schema']> & object>
}[keyof Catalog & string]

/** An event type or version that this code does not know: newer data than code, or not ours. Never skipped. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError'
}

/**
 * The event in today's version. Old versions are upcast step by step.
 * @throws UnknownEventError naming the type and version if the catalog does not hold it.
 */
export function readEvent<Catalog extends EventCatalog>(catalog: Catalog, event: StoredEvent): EventsOf<Catalog> {
  const versions = Object.hasOwn(catalog, event.type) ? catalog[event.type] : undefined
  if (!versions) throw new UnknownEventError(`event type ${event.type} is unknown to this version of Coiltrail`)
  const written = Number(event.metadata.schemaVersion ?? '1')
  if (!Number.isInteger(written) || written < 1 || written > versions.history.length) {
    throw new UnknownEventError(
      `event ${event.type} has schema version ${event.metadata.schemaVersion}, known are 1 to ${versions.history.length}`,
    )
  }
  let data = event.data
  for (let version = written; version < versions.history.length; version++) {
    data = (versions.upcasts[version - 1] as (data: object) => object)(data)
  }
  return { type: event.type, data } as EventsOf<Catalog>
}
