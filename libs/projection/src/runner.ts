/** Runs one projection in this process, and answers how it does. */
import { Logger } from '@nestjs/common'
import type { Position, RecordedEvent } from '#event-store/event-store'
import { isDatabaseGone } from '#platform/problems/translate'
import { type Build, dropRetired, onOneConnection, prepare } from './builds.js'
import { Checkpoint } from './checkpoint.js'
import { isLockedOut } from './database-errors.js'
import { LiveRunner, type RunnerState } from './live-runner.js'
import { listParked, type Retried, retryParked } from './parked.js'
import type { Projection } from './projection.js'
import type { Rebuilt } from './rebuild.js'
import { type RebuildOptions, Rebuilds } from './rebuilds.js'
import type { RunnerParts } from './runner-parts.js'
import { type Lag, lagOf, liveBuild, type RebuildStatus } from './standing.js'
import { assertSound, type ParkedStream } from './tables.js'
import type { Committed } from './writer.js'

export type { RunnerState }

export interface Applied {
  readonly position: Position
  readonly events: readonly RecordedEvent[]
}

export class ProjectionRunner {
  private readonly logger: Logger
  private readonly checkpoint: Checkpoint
  private readonly listeners = new Set<(applied: Applied) => void>()
  private readonly stopping = new AbortController()
  private readonly rebuilds: Rebuilds
  private running: Promise<void> = Promise.resolve()
  private prepared = false
  private current: RunnerState = 'stopped'

  constructor(
    readonly projection: Projection,
    private readonly on: RunnerParts,
  ) {
    assertSound(projection)
    this.logger = new Logger(`Projection ${projection.name}`)
    this.checkpoint = new Checkpoint(on.pool, projection)
    this.rebuilds = new Rebuilds(projection, on, this.logger, this.stopping.signal)
  }

  get state(): RunnerState {
    return this.current
  }

  /** When it is done the tables can be queried, unless the database cannot be reached yet; then they come later. */
  async start(): Promise<void> {
    try {
      await this.prepare()
      await this.rebuilds.resume()
    } catch (error) {
      if (!isDatabaseGone(error)) throw error
      this.logger.warn(`The database cannot be reached yet: ${(error as Error).message}`)
    }
    const live = new LiveRunner(this.projection, this.on, this.liveEvents(), this.logger)
    this.running = live.run(this.stopping.signal)
  }

  /** For good. Ends after what is under way is committed; an interrupted rebuild goes on at the next start. */
  async stop(): Promise<void> {
    this.stopping.abort()
    await Promise.all([this.running, this.rebuilds.ended()])
    this.current = 'stopped'
  }

  /** True once the read model has everything up to the position; false when the time is over first. */
  waitFor(position: Position, timeoutMs: number): Promise<boolean> {
    return this.checkpoint.waitFor(position, timeoutMs, this.stopping.signal)
  }

  /**
   * Calls the listener after each commit of this process, but not for long history that it catches up with in bulk;
   * returns what ends that. For every event, from any position, see `changes`.
   */
  onApplied(listener: (applied: Applied) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Events after a position, each as soon as the read model has it, whichever process runs the projection. */
  async *changes(after: Position, signal: AbortSignal): AsyncGenerator<readonly RecordedEvent[]> {
    for await (const events of this.on.feed.subscribe(after, signal)) {
      const { position } = events.at(-1)!
      while (!(await this.checkpoint.waitFor(position, 60_000, signal))) if (signal.aborted) return
      yield events
    }
  }

  lag(now: Date): Promise<Lag> {
    return lagOf(this.on.pool, this.projection, this.on.feed, now)
  }

  /** The build that answers queries now. */
  live(): Promise<Build> {
    return liveBuild(this.on.pool, this.projection)
  }

  /** The oldest first. */
  parked(): Promise<ParkedStream[]> {
    return listParked(this.on.pool, this.projection)
  }

  /** Applies the events of a parked stream that wait, in order, as far as it goes. */
  async retry(stream: string): Promise<Retried> {
    const retried = await retryParked(this.on.pool, this.projection, this.on.reader, stream)
    if (retried.outcome !== 'notParked' && retried.events.length > 0) {
      this.announce({ position: retried.events.at(-1)!.position, events: retried.events })
    }
    return retried
  }

  /**
   * Begins or resumes; resolves when the new tables are live or the signal stopped it. Queries go on meanwhile.
   * @throws RebuildRunsError if one runs already, here or in another process.
   */
  async rebuild(options: RebuildOptions = {}): Promise<Rebuilt> {
    const rebuilt = await this.rebuilds.run(options)
    if (rebuilt.outcome === 'swapped') await this.rebuilds.cleanUp()
    return rebuilt
  }

  /** The same, on its own feet: it outlives the loss of the database. Resolves when it has begun. */
  rebuildInBackground(): Promise<void> {
    return this.rebuilds.begin()
  }

  /** Stops the rebuild wherever it runs; what is done is kept, and the next rebuild goes on from there. */
  stopRebuild(): Promise<void> {
    return this.rebuilds.stop()
  }

  /** Of the rebuild that runs, here or elsewhere, or that waits to be resumed. */
  rebuildStatus(): Promise<RebuildStatus | undefined> {
    return this.rebuilds.status()
  }

  private liveEvents() {
    return {
      prepare: () => this.prepare(),
      entered: (state: RunnerState) => {
        this.current = state
        this.checkpoint.told = state === 'running'
      },
      begins: (position: Position) => this.checkpoint.begins(position),
      committed: (committed: Committed) => this.committed(committed),
      outdated: (version: number) => this.outdated(version),
    }
  }

  private async committed({ position, applied, parked }: Committed): Promise<void> {
    this.checkpoint.moved(position)
    if (applied.length > 0) this.announce({ position, events: applied })
    for (const { stream, reason, revision, eventType, error } of parked) {
      this.logger.error(`Stream ${stream} is parked at revision ${revision} (${eventType}): ${error}`)
      if (reason !== 'gap') continue
      // What the feed did not bring the store has. If that fails too, the stream stays parked.
      const { outcome } = await this.retry(stream)
      const filled = outcome === 'applied' ? 'was filled from the event store' : 'could not be filled'
      this.logger.error(`The gap before revision ${revision} of ${stream} ${filled}`)
    }
  }

  private announce(applied: Applied): void {
    for (const listener of this.listeners) {
      try {
        listener(applied)
      } catch (error) {
        this.logger.error(`A listener to changes failed: ${(error as Error).stack}`)
      }
    }
  }

  /** Newer code rebuilds; older code, as in a rolling deployment, waits and never builds backwards by itself. */
  private async outdated(version: number): Promise<void> {
    if (version < this.projection.version) await this.rebuilds.forNewVersion()
  }

  private async prepare(): Promise<void> {
    if (this.prepared) return
    await onOneConnection(this.on.pool, async (client) => {
      await prepare(client, this.projection)
      await dropRetired(client, this.projection).catch((error: unknown) => {
        if (!isLockedOut(error)) throw error
      })
    })
    this.prepared = true
  }
}
