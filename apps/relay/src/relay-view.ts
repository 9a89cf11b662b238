/** The relay as the API shows it. */
import { z } from 'zod'
import { RELAY_STATES } from './relay.js'

const position = z
  .string()
  .regex(/^\d+$/)
  .meta({ examples: ['184'] })
const count = z.int().min(0)

export const relayView = z.object({
  state: z
    .enum(RELAY_STATES)
    .describe(
      'active: this process publishes. standby: another one does. waiting: something that is needed is away, and is ' +
        'tried again. refused: a setting must be put right',
    ),
  reason: z.string().nullable().describe('why it waits or refuses'),
  topic: z.string().meta({ examples: ['coiltrail.events'] }),
  partitions: count.nullable().describe('null until the topic was first published to'),
  position: position.describe('of the last event that the brokers have acknowledged'),
  head: position.describe('of the last event in the event store'),
  eventsBehind: count.describe('an estimate where positions of the store are not dense'),
  secondsBehind: z.number().min(0).describe('age of the oldest event that is not published'),
  eventsPerSecond: count.describe('that this process published over the last ten seconds'),
  published: count.describe('events that this process published since it started'),
})
export type RelayView = z.output<typeof relayView>
