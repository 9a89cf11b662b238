import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Below the range that systems give to outgoing connections: out of that range a port may be taken while the broker is
 * down, even by a client's own attempts to reach it.
 */
const LOWEST = 20_000
const HIGHEST = 32_000

/** A port on 127.0.0.1 that nobody uses, outside of `taken`. */
export async function somePort(...taken: number[]): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (!taken.includes(port) && (await isFree(port))) return port
  }
  throw new Error(`No free port on 127.0.0.1 between ${LOWEST} and ${HIGHEST}.`)
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => done(true)))
  })
}
