import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { Clock } from '#platform/clock'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import { Problem } from '#platform/problems/problem'
import { type ProjectionView, projectionView } from './projection-view.js'
import { Projections } from './projections.js'
import type { ProjectionRunner } from './runner.js'

const projectionName = z.string().min(1).max(41)
const streamName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !name.includes('\u0000'), 'no stream has a zero character in its name')

const NONE = { status: 404, description: 'This process has no such read model.' }

@ApiTags('projections')
@Controller('projections')
export class ProjectionsController {
  constructor(
    private readonly projections: Projections,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read-projections')
  @ApiOperation({ summary: 'Every read model: how far it is, what is parked, and how its rebuild comes on' })
  @Answers('All of this process.', z.object({ projections: z.array(projectionView) }))
  async list(): Promise<{ projections: ProjectionView[] }> {
    return { projections: await Promise.all(this.projections.list().map((runner) => this.view(runner))) }
  }

  @Get(':name')
  @Allow('read-projections')
  @ApiOperation({ summary: 'One read model' })
  @Answers('How far it is.', projectionView)
  @ApiResponse(NONE)
  get(@Param('name', { schema: projectionName }) name: string): Promise<ProjectionView> {
    return this.view(this.projections.get(name))
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @Allow('rebuild-projection')
  @ApiOperation({
    summary: 'Builds new tables from history, or goes on with it, and swaps them in; the old ones answer meanwhile',
  })
  @Answers('It is under way; ask for the read model to see how it comes on.', projectionView, 202)
  @ApiResponse(NONE)
  async rebuild(@Param('name', { schema: projectionName }) name: string): Promise<ProjectionView> {
    const runner = this.projections.get(name)
    await runner.rebuildInBackground()
    return this.view(runner)
  }

  @Delete(':name/rebuild')
  @Allow('rebuild-projection')
  @ApiOperation({ summary: 'Stops a rebuild; the next one goes on from where it was' })
  @Answers('It is stopped.', projectionView)
  @ApiResponse(NONE)
  async stopRebuild(@Param('name', { schema: projectionName }) name: string): Promise<ProjectionView> {
    const runner = this.projections.get(name)
    await runner.stopRebuild()
    return this.view(runner)
  }

  @Post(':name/parked/:stream/retry')
  @HttpCode(200)
  @Allow('retry-parked')
  @ApiOperation({ summary: 'Applies the waiting events of a parked stream, in order' })
  @Answers('They are applied, and the stream flows again.', z.object({ stream: z.string(), applied: z.int() }))
  @ApiResponse({ status: 404, description: 'This process has no such read model, or the stream is not parked in it.' })
  @ApiResponse({ status: 409, description: 'It still cannot be applied.' })
  async retry(
    @Param('name', { schema: projectionName }) name: string,
    @Param('stream', { schema: streamName }) stream: string,
  ): Promise<{ stream: string; applied: number }> {
    const retried = await this.projections.get(name).retry(stream)
    if (retried.outcome === 'applied') return { stream, applied: retried.events.length }
    if (retried.outcome === 'notParked') {
      throw new Problem(404, 'not-parked', `Stream ${stream} is not parked in ${name}.`, { values: { name, stream } })
    }
    const { eventType, revision, error, attempts } = retried.parked
    throw new Problem(409, 'parked-again', `Event ${revision} (${eventType}) still cannot be applied: ${error}`, {
      values: { name, stream, applied: retried.events.length, revision, eventType, attempts },
    })
  }

  private async view(runner: ProjectionRunner): Promise<ProjectionView> {
    const { name, version } = runner.projection
    const [live, { position, ...lag }, parked, rebuild] = await Promise.all([
      runner.live(),
      runner.lag(this.clock.now()),
      runner.parked(),
      runner.rebuildStatus(),
    ])
    return {
      name,
      state: runner.state,
      version,
      live: { build: live.build, version: live.version },
      position: position.toString(),
      lag: { ...lag, head: lag.head.toString() },
      parked: parked.map((one) => ({
        ...one,
        position: one.position.toString(),
        since: one.since.toISOString(),
      })),
      rebuild: rebuild ?? null,
    }
  }
}
