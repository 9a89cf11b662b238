/**
 * The right to publish to a topic, which one relay has at a time. A lease lets the others stand by; that nothing goes
 * wrong when two believe to have it rests on the epoch, by which the checkpoint moves for the newer one alone.
 */
import type pg from 'pg'
import { type Position, START } from '#event-store/event-store'
import { Lease } from '#projection/lease'
import { type Checkpoint, raiseEpoch, readCheckpoint, replaceCheckpoint } from './checkpoint.js'

/** An answer on the lease's own connection proves for so long that the right is still ours. */
const PROVEN_MS = 1_000

/** Another relay has taken the right, or it is lost with its connection: nothing more may be sent. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError'
}

export class RightToPublish {
  private provenAt = 0

  private constructor(
    private readonly lease: Lease,
    private readonly topic: string,
    private kept: Checkpoint,
  ) {}

  /** Undefined when another relay has it. */
  static async take(pool: pg.Pool, topic: string): Promise<RightToPublish | undefined> {
    const lease = await Lease.tryTake(pool, `coiltrail relay ${topic}`)
    if (!lease) return undefined
    try {
      const right = new RightToPublish(lease, topic, await raiseEpoch(lease.client, topic))
      // What a crash of the server forgets of the checkpoint is published again; the epoch before it is on disk.
      await lease.client.query('SET synchronous_commit = off')
      right.provenAt = performance.now()
      return right
    } catch (error) {
      lease.end()
      throw error
    }
  }

  get checkpoint(): Checkpoint {
    return this.kept
  }

  get position(): Position {
    return this.kept.position
  }

  /** Aborts when the connection is lost, and with it the right. */
  get lost(): AbortSignal {
    return this.lease.lost
  }

  /** @throws OvertakenError if it is not ours any more; asks only if nothing was heard for a moment */
  async confirm(): Promise<void> {
    this.lost.throwIfAborted()
    const now = performance.now()
    if (now - this.provenAt < PROVEN_MS) return
    const kept = await readCheckpoint(this.lease.client, this.topic)
    if (kept?.epoch !== this.kept.epoch) throw this.overtaken()
    this.provenAt = now
  }

  /**
   * The brokers have acknowledged so many events more. @throws OvertakenError, or an Error when that was at an offset
   * which they had given before: the topic lost its end, or was made anew, and all is to be published again
   */
  async move(position: Position, events: number, offsets: ReadonlyMap<number, bigint>): Promise<void> {
    const { kept } = this
    if ([...offsets].some(([partition, offset]) => offset <= (kept.offsets.get(partition) ?? -1n))) {
      await this.goBackToStart()
      throw new Error(`topic ${this.topic} has lost events that it had acknowledged`)
    }
    await this.replace({
      ...kept,
      position,
      events: kept.events + events,
      offsets: new Map([...kept.offsets, ...offsets]),
    })
  }

  /** Before the first event is sent. @throws OvertakenError */
  async rememberPartitions(partitions: number): Promise<void> {
    if (this.kept.partitions === undefined) await this.replace({ ...this.kept, partitions })
  }

  /** Everything is to be published again. @throws OvertakenError */
  async goBackToStart(): Promise<void> {
    await this.replace({ ...this.kept, position: START, events: 0, offsets: new Map() })
  }

  end(): void {
    this.lease.end()
  }

  private async replace(to: Checkpoint): Promise<void> {
    const asked = performance.now()
    if (!(await replaceCheckpoint(this.lease.client, this.topic, this.kept, to))) throw this.overtaken()
    this.kept = to
    this.provenAt = asked
  }

  private overtaken(): OvertakenError {
    return new OvertakenError(`another relay publishes to ${this.topic} now`)
  }
}
