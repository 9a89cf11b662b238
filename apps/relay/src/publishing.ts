/** From the event feed to the topic, batch by batch, and the checkpoint after each. Knows neither Nest nor the lease. */
import { CompressionTypes, type Producer, type RecordMetadata } from 'kafkajs'
import type { EventFeed } from '#event-feed/event-feed'
import { ReadAhead } from '#event-feed/read-ahead'
import type { Position } from '#event-store/event-store'
import { type Batch, type BatchLimits, batchesOf, bytesOf } from './batches.js'
import { RefusedError } from './topic-contract.js'

/** Whoever may publish, and how far that is. */
export interface Progress {
  readonly position: Position
  /** @throws if nothing may be sent any more */
  confirm(): Promise<void>
  move(position: Position, events: number, offsets: ReadonlyMap<number, bigint>): Promise<void>
}

export interface PublishingParts {
  readonly feed: EventFeed
  /** Connected, and without retries of its own: a batch that failed is sent again from the checkpoint, by a new one. */
  readonly producer: Producer
  readonly topic: string
  readonly progress: Progress
  readonly limits: BatchLimits
  /** Told after each batch how many events it had. */
  published(events: number): void
}

const ALL_IN_SYNC = -1
const ACKNOWLEDGED_WITHIN_MS = 10_000

export class Publishing {
  constructor(private readonly on: PublishingParts) {}

  /**
   * Until `signal` aborts, or something fails: then what is behind the checkpoint is not, or not surely, published.
   * One batch is on its way at a time; otherwise a later one could be kept where an earlier one was not.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, progress, limits, published } = this.on
    for await (const events of new ReadAhead(feed, progress.position, signal).batches()) {
      for (const batch of batchesOf(events, progress.position, limits)) {
        if (signal.aborted) return
        await progress.confirm()
        const offsets = await this.send(batch)
        await progress.move(batch.events.at(-1)!.position, batch.events.length, offsets)
        published(batch.events.length)
      }
    }
    if (!signal.aborted) throw new Error('the event feed ended')
  }

  private async send(batch: Batch): Promise<Map<number, bigint>> {
    const { producer, topic } = this.on
    try {
      const acknowledged = await producer.send({
        topic,
        messages: batch.messages,
        acks: ALL_IN_SYNC,
        timeout: ACKNOWLEDGED_WITHIN_MS,
        compression: CompressionTypes.None,
      })
      return offsetsOf(acknowledged)
    } catch (error) {
      throw isTooLarge(error) ? this.tooLarge(batch) : error
    }
  }

  private tooLarge({ events, messages }: Batch): RefusedError {
    const sizes = messages.map((message, i) => bytesOf(events[i]!, message))
    const largest = events[sizes.indexOf(Math.max(...sizes))]!
    return new RefusedError(
      `Topic ${this.on.topic} does not take event ${largest.id} (${largest.type} of ${largest.stream}) of about ` +
        `${Math.max(...sizes)} bytes: raise max.message.bytes of the topic, or message.max.bytes of the brokers.`,
    )
  }
}

const offsetsOf = (acknowledged: readonly RecordMetadata[]) =>
  new Map(acknowledged.map(({ partition, baseOffset }) => [partition, BigInt(baseOffset ?? 0)]))

const isTooLarge = (error: unknown) =>
  ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'].includes((error as { type?: string }).type ?? '')
