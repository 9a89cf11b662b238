import { Body, Controller, Post, Query, Req, Res, UploadedFile, UseInterceptors } from '@nestjs/common'
import { CommandBus } from '@nestjs/cqrs'
import { FileInterceptor, type UploadedMultipartFile } from '@nestjs/platform-fastify/multipart'
import { ApiBody, ApiConsumes, ApiQuery, ApiResponse, ApiTags, type SchemaObject } from '@nestjs/swagger'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { openApi } from '#platform/http/answers'
import { Problem } from '#platform/problems/problem'
import { invalidRequest } from '#platform/problems/validation.pipe'
import { commandRequestOf, Records } from '../pipeline/command-request.js'
import { AnnounceCoils, packingListParameters } from './announce-coils.command.js'
import { type PackingListAnswer, packingListSchema } from './packing-list-answer.js'
import { textOf } from './packing-list-csv.js'

const { properties } = openApi(packingListParameters.omit({ shippedAt: true, occurredAt: true }))
const parameters = Object.entries({
  ...(properties as Record<string, SchemaObject>),
  shippedAt: { type: 'string', format: 'date-time', description: 'when it left the supplier' },
  occurredAt: { type: 'string', format: 'date-time', description: 'when it was announced; now, if left out' },
} satisfies Record<string, SchemaObject>)

const EXAMPLE = `# delivery note: DN-26-1108; supplier: AZAL; owner: AZAL
coil_number,cast_number,alloy,temper,gauge_mm,width_mm,inner_diameter_mm,outer_diameter_mm,net_weight_kg
AZ-261108-001,G26-3201,EN AW-8011A,F,7.0,1250,508,1695,6853
`

@ApiTags('arrivals')
@Controller('packing-lists')
export class ArrivalsController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @UseInterceptors(FileInterceptor('file'))
  @ApiConsumes('text/csv', 'multipart/form-data')
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        file: { type: 'string', format: 'binary', example: EXAMPLE },
        ...Object.fromEntries(parameters),
      },
    },
  })
  @Parameters()
  @ApiResponse({ status: 201, description: 'Coils were announced.', schema: packingListSchema })
  @ApiResponse({
    status: 200,
    description: 'Nothing was recorded: a dry run, or all is known.',
    schema: packingListSchema,
  })
  // Last, so that the answers above, which say more, come after its own.
  @Records('announce-coils', 'Announce the coils of a packing list in CSV')
  async announce(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query() query: Readonly<Record<string, unknown>>,
    @UploadedFile() file: UploadedMultipartFile | undefined,
    @Body() body: unknown,
  ): Promise<PackingListAnswer> {
    const fields = file ? (body as Readonly<Record<string, unknown>>) : {}
    const parameters = parametersOf({ ...query, ...fields }, file ? 'body' : 'query')
    const csv = textOf(bytesOf(file, body))
    // A dry run records nothing, so it needs no key of its own.
    if (parameters.dryRun) request.headers['idempotency-key'] ??= `dry-run-${request.id}`
    const command = new AnnounceCoils(commandRequestOf(request), { ...parameters, csv })
    const answer = (await this.commands.execute(command)) as PackingListAnswer
    reply.status(answer.events.length > 0 ? 201 : 200)
    return answer
  }
}

function parametersOf(told: object, type: 'query' | 'body') {
  const { success, data, error } = packingListParameters.safeParse(told)
  if (!success) throw invalidRequest(error.issues, told, { type })
  return data
}

function bytesOf(file: UploadedMultipartFile | undefined, body: unknown): Uint8Array {
  if (file?.buffer) return file.buffer
  if (body instanceof Uint8Array) return body
  throw new Problem(
    415,
    'unsupported-media-type',
    'A packing list is sent as the body, with Content-Type: text/csv, or as "file" of a multipart form.',
  )
}

/** In the query they go with a text/csv body; a form has them as fields. */
function Parameters(): MethodDecorator {
  return (...target) => {
    for (const [name, schema] of parameters) {
      const { description } = schema
      ApiQuery({ name, required: false, schema, ...(description && { description }) })(...target)
    }
  }
}
