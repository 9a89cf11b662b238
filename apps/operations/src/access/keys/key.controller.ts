import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common'
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { Clock } from '#platform/clock'
import { Answers } from '#platform/http/answers'
import { Allow, CurrentActor } from '#platform/identity/allow'
import { ApiKeys } from '#platform/identity/api-keys'
import { Authenticator } from '#platform/identity/authenticator'
import type { Actor } from '#platform/identity/roles'
import { Problem } from '#platform/problems/problem'
import { endOf, keyId, listedKeys, madeKey, type NewKey, newKey, revocation } from './key.schema.js'

/** Keys for programs: scanners, scales, an ERP. */
@ApiTags('access')
@Controller('keys')
export class KeyController {
  constructor(
    private readonly keys: ApiKeys,
    private readonly authenticator: Authenticator,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Allow('read-access')
  @ApiOperation({ summary: 'Keys: whose, for what, until when, last used when' })
  @Answers('All keys, the oldest first; none of them is shown itself.', listedKeys)
  async list() {
    return { items: await this.keys.list() }
  }

  @Post()
  @Allow('manage-keys')
  @ApiOperation({
    summary: 'Make a key',
    description: 'It is shown in this answer and never again. What it does is recorded under its name.',
  })
  @Answers('The key.', madeKey, 201)
  @ApiResponse({ status: 422, description: 'A key in use has this name.' })
  make(@Body({ schema: newKey }) body: NewKey, @CurrentActor() actor: Actor) {
    const { name, role, partner, scope } = body
    const expiresAt = endOf(body, this.clock.now())
    return this.keys.make({ name, role, scope, expiresAt, ...(partner && { partner }) }, actor)
  }

  @Post(':key/revoke')
  @HttpCode(204)
  @Allow('manage-keys')
  @ApiOperation({ summary: 'Revoke a key: it stops working within seconds' })
  @ApiResponse({ status: 204, description: 'Revoked.' })
  @ApiResponse({ status: 404, description: 'There is no such key in use.' })
  async revoke(
    @Param('key', { schema: keyId }) key: string,
    @Body({ schema: revocation }) { reason }: z.output<typeof revocation>,
    @CurrentActor() actor: Actor,
  ): Promise<void> {
    if (!(await this.keys.revoke(key, reason, actor))) {
      throw new Problem(404, 'unknown-key-id', `There is no key ${key} in use.`, { values: { key } })
    }
    this.authenticator.forgetAll()
  }
}
