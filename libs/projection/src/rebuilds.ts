/** The rebuilds of one projection as this process starts, stops and sees them. */
import type { Logger } from '@nestjs/common'
import { Backoff, pause } from './backoff.js'
import { bookkeeping, dropRetired, find, onOneConnection } from './builds.js'
import type { Projection } from './projection.js'
import { type RebuildProgress, RebuildRunsError, type Rebuilt, rebuild } from './rebuild.js'
import type { RunnerParts } from './runner-parts.js'
import { type RebuildStatus, rebuildStatusOf } from './standing.js'

export interface RebuildOptions {
  readonly signal?: AbortSignal
  onProgress?(progress: RebuildProgress): void
}

const CLEAN_UP_MS = 5_000

export class Rebuilds {
  private current?: { readonly stop: AbortController; readonly done: Promise<Rebuilt>; progress?: RebuildProgress }
  private background?: Promise<void>

  constructor(
    private readonly projection: Projection,
    private readonly on: RunnerParts,
    private readonly logger: Logger,
    /** Of the runner: aborts with it. */
    private readonly stopping: AbortSignal,
  ) {}

  async run({ signal, onProgress }: RebuildOptions): Promise<Rebuilt> {
    if (this.current) throw new RebuildRunsError(`${this.projection.name} is being rebuilt already`)
    const stop = new AbortController()
    const done = rebuild({
      ...this.on,
      projection: this.projection,
      signal: AbortSignal.any([stop.signal, this.stopping, ...(signal ? [signal] : [])]),
      onProgress: (progress) => {
        if (this.current) this.current.progress = progress
        onProgress?.(progress)
      },
    })
    this.current = { stop, done }
    try {
      const rebuilt = await done
      this.logger.log(`Rebuild ${rebuilt.outcome} at position ${rebuilt.position}`)
      return rebuilt
    } finally {
      this.current = undefined
    }
  }

  /** Somebody asks for it: an earlier wish to stop is over. */
  async begin(): Promise<void> {
    if (this.background || this.current) return
    const building = await find(this.on.pool, this.projection, 'building')
    if (building) await this.wantStop(building.build, false)
    this.inBackground()
  }

  /** Outlives the loss of the database; ends when it is done, or somebody stops it. */
  private inBackground(): void {
    this.background ??= this.untilDone().finally(() => {
      this.background = undefined
    })
  }

  /** One that its process was killed in the middle of is not forgotten; one that somebody stopped waits for them. */
  async resume(): Promise<void> {
    const building = await find(this.on.pool, this.projection, 'building')
    if (building?.version === this.projection.version && !building.stopWanted) this.inBackground()
  }

  /** Unless somebody has stopped this very rebuild. */
  async forNewVersion(): Promise<void> {
    if (this.background || this.current) return
    const building = await find(this.on.pool, this.projection, 'building')
    if (building?.version === this.projection.version && building.stopWanted) return
    this.inBackground()
  }

  async stop(): Promise<void> {
    this.current?.stop.abort()
    await this.current?.done.catch(() => {})
    const building = await find(this.on.pool, this.projection, 'building')
    if (!building) return
    await this.wantStop(building.build, true)
  }

  /** After the runner's own signal has aborted. */
  async ended(): Promise<void> {
    await Promise.allSettled([this.current?.done, this.background])
  }

  async status(): Promise<RebuildStatus | undefined> {
    if (this.current?.progress) return { ...this.current.progress, running: true }
    return rebuildStatusOf(this.on.pool, this.projection, this.on.feed)
  }

  private async untilDone(): Promise<void> {
    const backoff = new Backoff()
    while (!this.stopping.aborted) {
      try {
        const { outcome } = await this.run({})
        if (outcome === 'swapped') await this.cleanUp()
        return
      } catch (error) {
        if (error instanceof RebuildRunsError) return
        this.logger.error(`Rebuild was interrupted, will go on: ${(error as Error).message}`)
      }
      await backoff.wait(this.stopping)
      const building = await find(this.on.pool, this.projection, 'building').catch(() => undefined)
      if (building?.stopWanted) return
    }
  }

  /** A query that still reads the old tables holds this up for a while, and nothing else. */
  async cleanUp(): Promise<void> {
    while (!this.stopping.aborted) {
      try {
        await onOneConnection(this.on.pool, (client) => dropRetired(client, this.projection))
        return
      } catch (error) {
        this.logger.warn(`The tables of an old build cannot be removed yet: ${(error as Error).message}`)
      }
      await pause(CLEAN_UP_MS, this.stopping)
    }
  }

  private async wantStop(build: number, wanted: boolean): Promise<void> {
    const { builds } = bookkeeping(this.projection, build)
    await this.on.pool.query(`UPDATE ${builds} SET "stopWanted" = $2 WHERE build = $1`, [build, wanted])
  }
}
