/** One event to a new stream, acknowledged when it is on disk; and how many events a second PostgreSQL takes at most. */
import type { Bench, Turn } from '../bench.js'
import type { Contender } from '../contender.js'
import { EMMETT, OURS } from '../results.js'

const IN_FLIGHT = [1, 20, 100]
const BULK = 1_000

export async function benchAppends(bench: Bench): Promise<void> {
  const contenders: [string, Contender][] = []
  for (const [who, name] of [
    [OURS, 'coiltrail'],
    [EMMETT, 'emmett'],
    ['message-db', 'message-db'],
  ] as const) {
    try {
      contenders.push([who, await bench.contender(name, (await bench.database()).url)])
    } catch (error) {
      if (who === OURS) throw error
      bench.results.notRun.push({ what: 'append', who, why: (error as Error).message.split('\n')[0]! })
    }
  }
  for (const inFlight of IN_FLIGHT) {
    const turns = contenders.map(([who, contender]): Turn => {
      return { who, run: (seconds) => contender.ask('append', { inFlight, seconds }) }
    })
    const messageDb = contenders.find(([who]) => who === 'message-db')?.[1]
    if (messageDb && inFlight > 1) {
      const run = (seconds: number) => messageDb.ask('appendApart', { inFlight, seconds })
      turns.push({ who: 'message-db, a thousand categories', run })
    }
    await bench.takeTurns(`append, ${inFlight} in flight`, 'events', turns)
  }

  const raw = await bench.contender('raw-pg', (await bench.database()).url)
  const ours = contenders[0]![1]
  const load = (seconds: number) => ({ inFlight: 1, seconds, events: BULK })
  await bench.takeTurns(`${BULK.toLocaleString('en')} events at once`, 'events', [
    { who: OURS, run: (seconds) => ours.ask('bulk', load(seconds)) },
    { who: 'raw pg, INSERT ... unnest', run: (seconds) => raw.ask('unnest', load(seconds)) },
    { who: 'raw pg, COPY', run: (seconds) => raw.ask('copy', load(seconds)) },
  ])
  for (const contender of [raw, ...contenders.map(([, contender]) => contender)]) await contender.stop()
}
