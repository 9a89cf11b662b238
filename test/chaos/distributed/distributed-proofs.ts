/** What must be true of a distributed Coiltrail after all that has fallen on it. */
import { isDeepStrictEqual } from 'node:util'
import { START } from '#event-store/event-store'
import { KurrentDBEventStore } from '#event-store/kurrentdb/kurrentdb-event-store'
import { balanceBooks } from '../../simulate/books.js'
import type { PlantClient } from '../../simulate/plant-client.js'
import { tablesOf } from '../../support/read-models.js'
import {
  balanceProved,
  eventsProved,
  gaplessProved,
  headIn,
  repeatsProved,
  replayProved,
  type Stored,
  storedIn,
} from '../proofs.js'
import type { MortalPlant } from './mortal-plant.js'
import { allWell, READ_MODELS, viewOf } from './standing.js'
import type { Transcript } from './transcript.js'

/** What was broken -> each time in a sentence. */
export type Breaches = Readonly<Record<string, readonly string[]>>

export interface Proved {
  readonly breaches: Breaches
  readonly events: number
  readonly coils: number
  readonly messages: number
  /** Messages of events that had been on the topic before. */
  readonly repeated: number
}

/** A command that was told of a large location takes its time to be answered again. */
const MOST_REPEATS = 500

export interface Trial {
  readonly plant: MortalPlant
  readonly client: PlantClient
  readonly transcript: Transcript
  readonly tag: string
  readonly say: (sentence: string) => void
}

export async function provePlant({ plant, client, transcript, tag, say }: Trial): Promise<Proved> {
  const lost: string[] = []
  const appliedTwice: string[] = []
  const outOfOrder: string[] = []
  const booksOff: string[] = []
  const answeredOtherwise: string[] = []
  const parked: string[] = []
  const unwell: string[] = []

  const books = await balanceBooks(client, tag, () => undefined)
  booksOff.push(...books.faults)
  await balanceProved(plant.apps.http, booksOff)
  say('the books are added up')

  const history = await recorded(plant)
  if (!plant.kurrentdb) gaplessProved(history, lost)
  eventsProved(history, client, tag, lost)
  await transcript.readOn()
  const onTopic = transcript.prove(history, lost, outOfOrder)
  say('the store and the topic are compared')

  await repeatsProved(() => headOf(plant), client, answeredOtherwise, MOST_REPEATS)
  say('commands were sent again')

  for (const app of ['operations', ...READ_MODELS] as const) {
    for (const { stream, error } of (await viewOf(plant, plant.of(app)[0]!))?.parked ?? []) {
      parked.push(`${app}: ${stream} is parked: ${error}`)
    }
    await streamsProved(plant, app, history, lost)
    await replayProved(plant.database(app), plant.apps.http, app, appliedTwice)
  }
  say('every read model was compared with a replay')
  await allWell(plant).catch((error: Error) => void unwell.push(error.message))
  const breaches = {
    ...{ lost, 'applied twice': appliedTwice, 'out of order': outOfOrder, 'books off': booksOff },
    ...{ 'answered otherwise': answeredOtherwise, parked, unwell },
  }
  return { breaches, events: history.length, coils: books.coils, ...onTopic }
}

/** A read model has come exactly as far in every stream as the store has. */
async function streamsProved(plant: MortalPlant, readModel: string, history: readonly Stored[], lost: string[]) {
  const app = readModel as 'operations' | 'inventory' | 'throughput'
  const last = new Map(history.map(({ stream, revision }) => [stream, revision]))
  const rows = (await tablesOf(plant.database(app), app)).get('stream_revisions')!
  const applied = new Map(rows.map((row) => JSON.parse(row)).map(({ stream, revision }) => [stream, revision]))
  for (const [stream, revision] of last) {
    if (applied.get(stream) !== revision)
      lost.push(`${app}: ${stream} is applied up to ${applied.get(stream)}, the store has ${revision}`)
  }
  if (!isDeepStrictEqual(new Set(applied.keys()), new Set(last.keys()))) lost.push(`${app} knows other streams`)
}

async function recorded(plant: MortalPlant): Promise<Stored[]> {
  if (!plant.kurrentdb) return storedIn(plant.database('shared'))
  return onKurrentDB(plant, async (store) => {
    const events: Stored[] = []
    const head = await store.head()
    const enough = new AbortController()
    for await (const batch of store.subscribe(START, enough.signal)) {
      events.push(...batch.map((event) => ({ ...event, commandId: event.metadata.commandId ?? null })))
      if (batch.at(-1)!.position >= head) break
    }
    enough.abort()
    return events
  })
}

function headOf(plant: MortalPlant): Promise<bigint> {
  return plant.kurrentdb ? onKurrentDB(plant, (store) => store.head()) : headIn(plant.database('shared'))
}

async function onKurrentDB<Answer>(plant: MortalPlant, work: (store: KurrentDBEventStore) => Promise<Answer>) {
  const store = new KurrentDBEventStore(plant.kurrentdb!.url)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}
