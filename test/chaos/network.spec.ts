import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { balanceBooks } from '../simulate/books.js'
import { PlantTime } from '../simulate/clock.js'
import { PlantClient } from '../simulate/plant-client.js'
import { livePlant } from '../simulate/plant-life.js'
import { type NetworkLine, networkLine } from '../support/network-line.js'
import { type TestDatabase, testDatabase } from '../support/postgres.js'
import { type CoiltrailProcess, startCoiltrail } from '../support/process.js'
import { eventsProved, gaplessProved, headIn, repeatsProved, storedIn } from './proofs.js'

/** More than every time limit of the product together, less than what an operator would call for ever. */
const BOUND_MS = 120_000

describe('A bad network between the product and its database', () => {
  let place: string
  let database: TestDatabase
  let line: NetworkLine
  let product: CoiltrailProcess
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'coiltrail-network-'))
    database = await testDatabase()
    line = await networkLine(database.url)
    product = await startCoiltrail(join(place, 'data'), { DATABASE_URL: line.url })
  })
  afterEach(async () => {
    await product.end('SIGKILL')
    line.close()
    await database.drop()
    await rm(place, { recursive: true })
  })

  const define = async (temper: string) => {
    const response = await fetch(`${product.url}/api/tempers/${temper}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${product.token('quality')}`,
        'content-type': 'application/json',
        'idempotency-key': `define-${temper}`,
      },
      body: JSON.stringify({ description: 'on trial' }),
      signal: AbortSignal.timeout(BOUND_MS),
    })
    await response.body?.cancel()
    return response.status
  }

  it('loses no command and does none twice when it breaks at any moment', async () => {
    const signal = AbortSignal.timeout(240_000)
    const client = new PlantClient(product.url, product.token, signal)
    const time = new PlantTime(new Date(Date.now() - 3 * 86_400_000), Number.POSITIVE_INFINITY, signal)
    const plant = { seed: Date.now() % 1_000_000, coils: 8, tag: 'NET', crews: 6, onCoils: () => {} }
    let alive = true
    const life = livePlant(plant, client, time, signal).finally(() => {
      alive = false
    })
    const breaks = async () => {
      for (let after = 7; alive; after += 9) {
        while (alive && client.counts.commands < after) await sleep(2)
        line.reset()
      }
    }
    await Promise.all([life, breaks()])
    const { faults: unbalanced } = await balanceBooks(client, 'NET', () => {})
    const faults = [...unbalanced]
    const events = await storedIn(database.pool)
    gaplessProved(events, faults)
    eventsProved(events, client, 'NET', faults)
    await repeatsProved(() => headIn(database.pool), client, faults)
    expect({ ...plant, faults }).toEqual({ ...plant, faults: [] })
  }, 300_000)

  it('is told to those who record, not kept from them for ever, and is over when it is over', async () => {
    expect(await define('H91')).toBe(201)
    line.fallSilent()
    expect(await define('H92')).toBe(503)
    line.comeBack()
    let status = 503
    for (const end = Date.now() + BOUND_MS; status === 503 && Date.now() < end; ) status = await define('H92')
    expect(status).toBe(201)
  }, 400_000)
})
