import { Controller, Get } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import { RelayService } from './relay.service.js'
import { type RelayView, relayView } from './relay-view.js'

@ApiTags('relay')
@Controller('relay')
export class RelayController {
  constructor(private readonly relay: RelayService) {}

  @Get()
  @Allow('read-relay')
  @ApiOperation({ summary: 'How far the topic has been published, and what keeps it from going on' })
  @Answers('Where it stands.', relayView)
  get(): Promise<RelayView> {
    return this.relay.view()
  }
}
