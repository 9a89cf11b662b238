/**
 * Whole commands: ours over HTTP, with a token, a key for ever, validation, and the answer only once it is on disk;
 * emmett's by a call of its `CommandHandler` in the same process, with none of these but the disk.
 */
import { randomUUID } from 'node:crypto'
import { PostgresEventStore } from '#event-store/postgres/postgres-event-store'
import type { Bench, Turn } from '../bench.js'
import { arrivalsInYard, coilInYard, receiptOf } from '../history/coils-in-yard.js'
import { recordHistory } from '../history/record.js'
import type { Request } from '../http-load.js'
import { startProduct } from '../product.js'
import { EMMETT, OURS } from '../results.js'

const IN_FLIGHT = [20, 100]
/** Many more than are in flight, so that commands about one coil do not meet. */
const COILS = 5_000
const PLACES = ['YARD', 'GATE']

export async function benchCommands(bench: Bench): Promise<void> {
  const count = Math.max(Math.min(COILS, bench.options.coils), 500)
  const database = await bench.database()
  const product = await startProduct(bench, database.url)
  const store = new PostgresEventStore(database.pool)
  await recordHistory(store, arrivalsInYard(count))
  await store.close()
  const emmett = await bench.contender('emmett', (await bench.database()).url)
  await emmett.tell('coils', { count })

  let turn = 0
  const post = (path: string, body: object): Request => {
    return { method: 'POST', path, headers: { 'idempotency-key': randomUUID() }, body: JSON.stringify(body) }
  }
  const inspect = () => post(`/api/coils/${coilInYard(turn++ % count)}/inspect`, { result: 'conforming' })
  /** There and back again: every round through all coils they lie in the other place. */
  let moves = 0
  const move = () => {
    const to = PLACES[(Math.floor(moves / count) + 1) % 2]
    return post(`/api/coils/${coilInYard(moves++ % count)}/move`, { to })
  }
  let received = 0
  const run = randomUUID().slice(0, 6).toUpperCase()
  const receive = () => post('/api/receipts', receiptOf(`R${run}-${received++}`))

  for (const inFlight of IN_FLIGHT) {
    const ours = (next: () => Request): Turn => {
      return { who: OURS, run: (seconds) => product.load('operator', next, { inFlight, seconds }) }
    }
    const emmetts = { who: EMMETT, run: (seconds: number) => emmett.ask('command', { count, inFlight, seconds }) }
    await bench.takeTurns(`inspect a coil, ${inFlight} in flight`, 'commands', [ours(inspect), emmetts])
    await bench.takeTurns(`move a coil, ${inFlight} in flight`, 'commands', [ours(move)])
    await bench.takeTurns(`receive a coil, ${inFlight} in flight`, 'commands', [ours(receive)])
  }
  await product.stop()
  await emmett.stop()
}
