import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type { Pool } from 'pg'
import { HealthParts } from '#platform/health/health'
import { Problem } from '#platform/problems/problem'
import type { ProjectionRunner } from './runner.js'

/** All projections of this process: starts and stops their runners, and knows them by name. */
@Injectable()
export class Projections implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly all = new Map<string, { runner: ProjectionRunner; pool: Pool }>()

  constructor(private readonly health: HealthParts) {}

  /** `pool` is the runner's own and ends with it. */
  add(runner: ProjectionRunner, pool: Pool): ProjectionRunner {
    const { name } = runner.projection
    if (this.all.has(name)) throw new Error(`projection ${name} is here twice`)
    this.all.set(name, { runner, pool })
    this.health.register(`projection-${name}`, async () => {
      const parked = (await runner.parked()).length
      const well = parked === 0 && (runner.state === 'running' || runner.state === 'standby')
      return { status: well ? 'up' : 'degraded', state: runner.state, parked }
    })
    return runner
  }

  list(): ProjectionRunner[] {
    return [...this.all.values()].map(({ runner }) => runner)
  }

  /** @throws Problem 404 */
  get(name: string): ProjectionRunner {
    const found = this.all.get(name)
    if (found) return found.runner
    const known = [...this.all.keys()]
    throw new Problem(404, 'unknown-projection', `There is no projection "${name}" here, but ${known.join(', ')}.`, {
      values: { name, known },
    })
  }

  async onApplicationBootstrap(): Promise<void> {
    await Promise.all(this.list().map((runner) => runner.start()))
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(
      [...this.all.values()].map(async ({ runner, pool }) => {
        await runner.stop()
        await pool.end()
      }),
    )
  }
}
