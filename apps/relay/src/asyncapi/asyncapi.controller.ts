import { Controller, Get, Inject } from '@nestjs/common'
import { ApiOperation, ApiTags } from '@nestjs/swagger'
import { z } from 'zod'
import { CONFIG, type Config } from '#platform/config'
import { Answers } from '#platform/http/answers'
import { AllowAnyone } from '#platform/identity/allow'
import { asyncApiDocument } from './asyncapi-document.js'

@ApiTags('relay')
@Controller('asyncapi.json')
export class AsyncApiController {
  private readonly document: object

  constructor(@Inject(CONFIG) config: Config) {
    this.document = asyncApiDocument(config)
  }

  @Get()
  @AllowAnyone()
  @ApiOperation({ summary: 'The topic and its messages as an AsyncAPI 3 document' })
  @Answers('The document.', z.looseObject({ asyncapi: z.string().meta({ examples: ['3.0.0'] }) }))
  get(): object {
    return this.document
  }
}
