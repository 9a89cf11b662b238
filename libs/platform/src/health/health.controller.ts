import { Controller, Get, Res } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { Answers } from '../http/answers.js'
import { AllowAnyone } from '../identity/allow.js'
import { type Health, HealthParts, health } from './health.js'

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly parts: HealthParts) {}

  @Get('live')
  @AllowAnyone()
  @ApiOperation({ summary: 'Is the process running?' })
  @Answers('It is.', z.object({ status: z.literal('up') }))
  live(): { status: 'up' } {
    return { status: 'up' }
  }

  @Get('ready')
  @AllowAnyone()
  @ApiOperation({ summary: 'Can requests be answered? 503 if not; `degraded` is answered with 200.' })
  @Answers('They can; somebody should look at what is `degraded`.', health)
  @Answers('They cannot.', health, 503)
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Health> {
    const health = await this.parts.check()
    if (health.status === 'down') reply.status(503).header('Retry-After', '2')
    return health
  }
}
