import { readFile } from 'node:fs/promises'
import { approvals } from './approval/state.js'
import { packingLists } from './arrivals/state.js'
import { castingRuns } from './casting/state.js'
import { coils } from './coil/state.js'
import { allEvents, type PlantFact, readFact } from './events.js'
import { melts } from './melt/state.js'
import { packs } from './pack/state.js'
import { alloys, lines, locations, partners, plants, tempers } from './plant/state.js'
import { processOrders } from './processing/state.js'
import { deliveryNotes, salesOrders } from './sales/state.js'
import { STREAM_PREFIXES, type StreamKind, streamOf } from './streams.js'

/**
 * `events.golden.json` holds one event of every version ever written, and the states that they fold to.
 * A new version adds its own; an entry is never changed: it is what stands in somebody's store.
 */
interface Golden {
  readonly events: readonly { type: string; schemaVersion: string; data: object }[]
  readonly states: Readonly<Record<string, unknown>>
}

const golden: Golden = JSON.parse(await readFile(new URL('./events.golden.json', import.meta.url), 'utf8'))

const kinds: Record<string, StreamKind<unknown>> = Object.fromEntries(
  Object.entries({
    alloys,
    approvals,
    castingRuns,
    coils,
    deliveryNotes,
    lines,
    locations,
    melts,
    packingLists,
    packs,
    partners,
    plants,
    processOrders,
    salesOrders,
    tempers,
  }),
) as never

const facts = golden.events.map(({ type, data, schemaVersion }) =>
  readFact({ type, data, metadata: { schemaVersion } }),
)

/** Every stream of the golden events, folded by whoever folds it. */
function fold(): Record<string, unknown> {
  const states: Record<string, unknown> = {}
  for (const [stream, ofStream] of Map.groupBy(facts, streamOf)) {
    for (const [kind, { evolve }] of Object.entries(kinds)) {
      const state = ofStream.reduce<unknown>((before, fact: PlantFact) => evolve(before, fact), undefined)
      if (state !== undefined) states[`${stream} as ${kind}`] = state
    }
  }
  return JSON.parse(
    JSON.stringify(states, (_, value) =>
      value instanceof Map ? [...value] : value instanceof Set ? [...value] : value,
    ),
  )
}

describe('every event ever written', () => {
  it('is in the golden file, in each of its versions', () => {
    const versions = Object.entries(allEvents).flatMap(([type, { history }]) =>
      history.map((_, i) => `${type} ${i + 1}`),
    )
    const held = golden.events.map(({ type, schemaVersion }) => `${type} ${schemaVersion}`)
    expect([...new Set(held)].sort()).toEqual([...versions].sort())
  })

  it.each(golden.events)(
    '$type, version $schemaVersion, fits its own schema and reads as today’s',
    ({ type, data, schemaVersion }) => {
      const versions = allEvents[type as PlantFact['type']]
      expect(versions.history[Number(schemaVersion) - 1]!.safeParse(data).error).toBeUndefined()
      expect(
        versions.schema.safeParse(readFact({ type, data, metadata: { schemaVersion } }).data).error,
      ).toBeUndefined()
    },
  )

  it('stands in a stream that is known to be ours by how its name begins', () => {
    for (const { type, data, schemaVersion } of golden.events) {
      const stream = streamOf(readFact({ type, data, metadata: { schemaVersion } }))
      expect(STREAM_PREFIXES.filter((prefix) => stream.startsWith(prefix))).toHaveLength(1)
    }
  })

  it('folds to the same states for ever', () => {
    expect(fold()).toEqual(golden.states)
  })
})
