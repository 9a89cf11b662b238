import { Body, Controller, Param, Post } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { ApiTags } from '@nestjs/swagger'
import type { z } from 'zod'
import { packNumber } from '#domain/words'
import { Records, RequestOfCommand } from '../pipeline/command-request.js'
import type { CommandRequest, Outcome } from '../pipeline/plant-command.js'
import { MovePack, movePackBody } from './move-pack.command.js'
import { OpenPack, openPackBody } from './open-pack.command.js'
import { PackCoils, packCoilsBody } from './pack-coils.command.js'

@ApiTags('packs')
@Controller('packs')
export class PackController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @Records('pack-coils', 'Pack coils that lie in one place onto one skid')
  pack(
    @RequestOfCommand() request: CommandRequest,
    @Body({ schema: packCoilsBody }) body: z.output<typeof packCoilsBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new PackCoils(request, body))
  }

  @Post(':pack/move')
  @Records('move-pack', 'Move a pack, with all coils in it, to another place')
  move(
    @RequestOfCommand() request: CommandRequest,
    @Param('pack', { schema: packNumber }) pack: string,
    @Body({ schema: movePackBody }) body: z.output<typeof movePackBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new MovePack(request, { ...body, pack }))
  }

  @Post(':pack/unpack')
  @Records('unpack-coils', 'Unpack: its coils are in stock again, each by itself')
  unpack(
    @RequestOfCommand() request: CommandRequest,
    @Param('pack', { schema: packNumber }) pack: string,
    @Body({ schema: openPackBody }) body: z.output<typeof openPackBody>,
  ): Promise<Outcome> {
    return this.commands.execute(new OpenPack(request, { ...body, pack }))
  }
}
