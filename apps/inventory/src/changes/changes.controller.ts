import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common'
import { ApiHeader, ApiOkResponse, ApiTags } from '@nestjs/swagger'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { EVENT_FEED, type EventFeed } from '#event-feed/event-feed'
import { after, consistencyToken, parseToken } from '#platform/consistency'
import { CurrentActor } from '#platform/identity/allow'
import { Authenticator } from '#platform/identity/authenticator'
import type { Actor } from '#platform/identity/roles'
import { Problem } from '#platform/problems/problem'
import { Shutdown } from '#platform/shutdown'
import { Reads } from '../http/reads.js'
import { OwnHistory } from '../timeline/own-history.js'
import { EventStream } from './event-stream.js'
import { Listeners } from './listeners.js'
import { LiveChanges } from './live-changes.js'

const changesQuery = z.strictObject({
  lastEventId: consistencyToken.optional().describe('the same as the header, for clients that cannot set one'),
  stream: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe('only streams whose name begins so, e.g. `coil-` or `salesOrder-SO-1`'),
  ...after,
})
const lastEventIdHeader = consistencyToken.optional()

@ApiTags('changes')
@Controller('changes')
export class ChangesController {
  private readonly listeners = new Listeners()

  constructor(
    private readonly live: LiveChanges,
    private readonly own: OwnHistory,
    @Inject(EVENT_FEED) private readonly feed: EventFeed,
    private readonly shutdown: Shutdown,
    private readonly authenticator: Authenticator,
  ) {}

  @Get()
  @Reads('follow-changes', 'Every change, live, as soon as queries know of it', {
    description:
      'Server-Sent Events: `id` is the position, `event` the type of the event, `data` a JSON object with position, ' +
      'stream, revision, type, coil (if it is about one), summary in words, occurredAt and recordedAt. A client that ' +
      'was cut off goes on with `Last-Event-ID`: nothing is missed and nothing comes twice. Without it, it begins now; ' +
      'with 0, at the very first event. Partners are told of coils that are theirs now. A comment comes every 15 seconds. A client that does not read is ' +
      'disconnected, and one whose session or key is over, or has other rights by now.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'position of the last event received' })
  @ApiOkResponse({ description: 'The stream', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async changes(
    @Query({ schema: changesQuery }) query: z.output<typeof changesQuery>,
    @Headers('last-event-id') header: string | undefined,
    @CurrentActor() actor: Actor,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // Before anything is waited for, or all who come at once would be let in.
    const leave = this.listeners.enter(actor)
    try {
      const from = await this.begin(header || query.lastEventId)
      // From here on the answer is ours: neither Nest nor Fastify may touch it.
      reply.hijack()
      await this.stream(reply, actor, from, query.stream)
    } finally {
      leave()
    }
  }

  private async stream(reply: FastifyReply, actor: Actor, from: bigint, prefix = ''): Promise<void> {
    const gone = new AbortController()
    const over = this.authenticator.whenOver(actor, gone.signal)
    const stream = new EventStream(reply, AbortSignal.any([over, this.shutdown.signal]))
    try {
      for await (const events of this.live.after(from, stream.ended)) {
        await stream.send(await this.own.told(events.filter((event) => event.stream.startsWith(prefix))))
      }
    } finally {
      stream.end()
      gone.abort()
    }
  }

  private async begin(lastEventId: string | undefined): Promise<bigint> {
    const head = await this.feed.head()
    if (lastEventId === undefined) return head
    const { success, data } = lastEventIdHeader.safeParse(lastEventId)
    const position = success && data !== undefined ? parseToken(data) : undefined
    if (position !== undefined && position <= head) return position
    const message = `There is no event ${lastEventId.slice(0, 30)}: begin again without it, or with 0.`
    throw new Problem(400, 'unknown-event-id', message, {
      errors: [{ in: 'header', pointer: '/last-event-id', rule: 'unknown-event-id', message }],
    })
  }
}
