import { ApiResponse, type SchemaObject } from '@nestjs/swagger'
import { z } from 'zod'

/** What a route answers, for the API's documentation. */
export const Answers = (description: string, schema: z.ZodType, status = 200) =>
  ApiResponse({ status, description, schema: openApi(schema) })

export function openApi(schema: z.ZodType): SchemaObject {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'output' })
  return json as SchemaObject
}
