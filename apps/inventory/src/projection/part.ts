import type { EventCatalog } from '#domain/event'
import type { PlantFact } from '#domain/events'
import type { RecordedEvent } from '#event-store/event-store'
import type { RowKey, Rows, TableSpec } from '#projection/projection'

/** What one part of the read model makes of the facts of one kind of stream. */
export interface Part<Fact extends PlantFact = PlantFact> {
  readonly tables: readonly TableSpec[]
  /** Its facts: those of this catalog. */
  readonly catalog: EventCatalog
  /** Rows that `apply` reads. */
  reads(fact: Fact): readonly RowKey[]
  apply(fact: Fact, event: RecordedEvent, rows: Rows): void
}

/** When it happened in the plant, as told; when the store took it, if nobody told. */
export function occurredAt({ metadata, recordedAt }: Pick<RecordedEvent, 'metadata' | 'recordedAt'>): Date {
  return metadata.occurredAt === undefined ? recordedAt : new Date(metadata.occurredAt)
}
