import { Injectable } from '@nestjs/common'
import { z } from 'zod'

const PATIENCE_MS = 3_000

const status = z
  .enum(['up', 'degraded', 'down'])
  .describe('degraded: it works, and somebody should look. down: requests cannot be answered')

/** Beside its status some details of its own. Anyone may read them: no names, no secrets. */
const partHealth = z.looseObject({ status })
export type PartHealth = Readonly<z.output<typeof partHealth>>

export const health = z.object({
  status: status.describe('that of the worst part'),
  parts: z.record(z.string(), partHealth).meta({
    examples: [{ database: { status: 'up' }, 'projection-inventory': { status: 'up', state: 'running', parked: 0 } }],
  }),
})
export type Health = Readonly<z.output<typeof health>>

/** Where every part that can fail says how it is. */
@Injectable()
export class HealthParts {
  readonly #parts = new Map<string, () => PartHealth | Promise<PartHealth>>()

  /** The check may throw, which is `down`, and has three seconds. */
  register(name: string, check: () => PartHealth | Promise<PartHealth>): void {
    this.#parts.set(name, check)
  }

  async check(): Promise<Health> {
    const parts = Object.fromEntries(
      await Promise.all([...this.#parts].map(async ([name, check]) => [name, await inTime(check)] as const)),
    )
    const all = Object.values(parts).map((part) => part.status)
    return { status: all.includes('down') ? 'down' : all.includes('degraded') ? 'degraded' : 'up', parts }
  }
}

async function inTime(check: () => PartHealth | Promise<PartHealth>): Promise<PartHealth> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<PartHealth>((done) => {
    timer = setTimeout(() => done({ status: 'down', reason: `no answer in ${PATIENCE_MS} ms` }), PATIENCE_MS)
  })
  try {
    return await Promise.race([check(), late])
  } catch {
    return { status: 'down', reason: 'it cannot be reached' }
  } finally {
    clearTimeout(timer)
  }
}
