/** A read model as the API shows it. */
import { z } from 'zod'

const position = z
  .string()
  .regex(/^\d+$/)
  .meta({ examples: ['184'] })
const count = z.int().min(0)

const parked = z.object({
  stream: z.string().meta({ examples: ['coil-AZ-261107-001'] }),
  reason: z
    .enum(['failed', 'gap'])
    .describe('failed: an event cannot be applied. gap: a revision before it is missing'),
  eventId: z.string(),
  eventType: z.string().meta({ examples: ['CoilMoved'] }),
  revision: count,
  position,
  error: z.string(),
  since: z.iso.datetime(),
  attempts: count,
})

const rebuild = z.object({
  phase: z.enum(['history', 'indexes', 'catching up', 'swapping']),
  version: z.int().describe('of the projection that is being built'),
  events: count,
  ofEvents: count,
  eventsPerSecond: count,
  secondsLeft: count.optional().describe('left out until there is a speed to tell it from'),
  running: z.boolean().describe('false: it was stopped; the next rebuild goes on from here'),
})

export const projectionView = z.object({
  name: z.string().meta({ examples: ['inventory'] }),
  state: z.enum(['running', 'standby', 'outdated', 'disconnected', 'stopped']),
  version: z.int().describe('that this program makes; tables of another are being rebuilt'),
  live: z.object({ build: z.int(), version: z.int() }).describe('number and version of the tables that answer now'),
  position,
  lag: z.object({ head: position, eventsBehind: count, secondsBehind: z.number().min(0) }),
  parked: z.array(parked).describe('streams whose events wait'),
  rebuild: rebuild.nullable(),
})
export type ProjectionView = z.output<typeof projectionView>
