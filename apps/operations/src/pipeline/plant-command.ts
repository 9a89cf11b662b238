import { Command } from '@nestjs/cqrs'
import { z } from 'zod'
import type { Approval } from '#domain/approval/state'
import { instant } from '#domain/words'
import type { Actor } from '#platform/identity/roles'
import type { FourEyes } from './four-eyes.js'

/** What comes with every command beside its body. */
export interface CommandRequest {
  /** The client's Idempotency-Key: the same key gives the same outcome, for ever. */
  readonly commandId: string
  readonly actor: Actor
  readonly correlationId: string
  readonly traceparent?: string
  /** From `If-Match`: the revision that the command's subject must still have. */
  readonly ifMatch?: number
  /** Of a command that was asked for before, and is approved now. */
  readonly approving?: Approving
}

/** What was asked for, and the command by which a second person agrees. */
export interface Approving {
  readonly approval: Approval
  readonly by: PlantCommand<Told & { readonly remark?: string }>
}

/** An event as the answer shows it. */
export interface OutcomeEvent {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly type: string
  readonly data: object
  readonly occurredAt: string
  readonly recordedAt: string
}

/** What a command did: the same answer again when the same command is sent again. */
export interface Outcome {
  readonly commandId: string
  /** True when this had been done before, and nothing was done now. */
  readonly replayed: boolean
  /** The stream that the command is about, and its last revision: the ETag. */
  readonly subject: string
  readonly revision: number | null
  readonly events: readonly OutcomeEvent[]
  readonly revisions: Readonly<Record<string, number>>
  /** Give it to a query as `?after=` to read what this wrote. */
  readonly token: string
}

/** A command of the plant: who asks, and what for. `Payload` is what zod made of path and body. */
export abstract class PlantCommand<Payload extends Told> extends Command<Outcome> {
  /** What a second person must be allowed to do, if it may take two; whether it does, the decision says. */
  readonly fourEyes?: FourEyes

  constructor(
    readonly request: CommandRequest,
    readonly payload: Payload,
  ) {
    super()
  }
}

/** Every command may say when it happened. */
export interface Told {
  readonly occurredAt?: string
}

/** The body of a command: these fields, when it happened, and nothing else. The example is what the API's page offers. */
export const commandBody = <Shape extends z.ZodRawShape>(shape: Shape, example: z.input<z.ZodObject<Shape>>) =>
  z
    .strictObject({
      ...shape,
      occurredAt: instant.optional().describe('when it happened in the plant; now, if left out'),
    })
    .meta({ examples: [example] })
