import { PlantTime } from '../simulate/clock.js'
import { PlantClient } from '../simulate/plant-client.js'
import { livePlant } from '../simulate/plant-life.js'
import { testApp } from '../support/app.js'
import { callersOf, fuzz } from './fuzz.js'

const LIMITS = { REQUESTS_PER_KEY: '10000000', REQUESTS_PER_ADDRESS: '10000000' }

/** Every run asks the same, so that one change is not blamed for what another broke; `npm run fuzz` asks what it has not yet. */
const seed = 7

describe('A Coiltrail that is asked anything', () => {
  it('answers as its document says, breaks nowhere, and tells nothing of its insides', async () => {
    const plant = await testApp({ settings: LIMITS })
    const stop = new AbortController()
    const client = new PlantClient(plant.url, plant.token, stop.signal)
    const time = new PlantTime(new Date(Date.now() - 86_400_000), Number.POSITIVE_INFINITY, stop.signal)
    await livePlant({ seed, coils: 12, tag: 'FUZZ', crews: 4, onCoils: () => {} }, client, time, stop.signal)
    const statuses = new Set<number>()
    const heard = (_: unknown, status: number) => void statuses.add(status)
    const asking = { url: plant.url, keys: callersOf(plant.token), ms: 25_000, seed, heard }
    const { requests, faults } = await fuzz(asking)
    await plant.close()
    if (faults.length > 0) throw new Error(`${faults.join('\n\n')}`)
    expect(requests).toBeGreaterThan(300)
    for (const status of [200, 201, 400, 401, 403, 404, 422]) expect([...statuses]).toContain(status)
  }, 300_000)
})
