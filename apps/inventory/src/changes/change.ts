import { z } from 'zod'
import { occurredAt } from '../projection/part.js'
import { inWords } from '../timeline/in-words.js'
import type { Told } from '../timeline/own-history.js'

/** The data of one message of `GET /api/changes`. */
export const change = z.strictObject({
  position: z.string().describe('give it to a query as ?after='),
  stream: z.string(),
  revision: z.int(),
  type: z.string(),
  coil: z.string().optional().describe('if it is about one'),
  summary: z.string(),
  occurredAt: z.iso.datetime(),
  recordedAt: z.iso.datetime(),
})

/** The message as it goes over the wire. */
export function messageOf({ event, fact }: Told): string {
  const data: z.output<typeof change> = {
    position: event.position.toString(),
    stream: event.stream,
    revision: event.revision,
    type: event.type,
    ...('coil' in fact.data && { coil: fact.data.coil }),
    summary: inWords(fact),
    occurredAt: occurredAt(event).toISOString(),
    recordedAt: event.recordedAt.toISOString(),
  }
  // JSON has no bare line break, so that the message is one line.
  return `id: ${data.position}\nevent: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}
