import { applyDecorators, UseInterceptors } from '@nestjs/common'
import { ApiOperation, ApiResponse } from '@nestjs/swagger'
import type { z } from 'zod'
import { WaitForAfter } from '#platform/consistency'
import { Answers } from '#platform/http/answers'
import { Allow } from '#platform/identity/allow'
import type { Permission } from '#platform/identity/permissions'
import { runnerOf } from '#projection/projection.module'

/** Injection token of the runner: how far the inventory is, and its live changes. */
export const INVENTORY = runnerOf('inventory')

const WaitForInventory = WaitForAfter(INVENTORY)

export interface Described {
  readonly description?: string
  /** What is answered, as JSON. */
  readonly answer?: z.ZodType
  /** It is about one thing, which may not exist. */
  readonly one?: boolean
}

/** A query: whoever has the permission may ask it, `?after=` is honoured, and the API's documentation tells of it. */
export function Reads(permission: Permission, summary: string, { description, answer, one }: Described = {}) {
  return applyDecorators(
    Allow(permission),
    UseInterceptors(WaitForInventory),
    ApiOperation({ summary, ...(description && { description }) }),
    ...(answer ? [Answers(summary, answer)] : []),
    ...(one ? [ApiResponse({ status: 404, description: 'There is no such thing.' })] : []),
  )
}
