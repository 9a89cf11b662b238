import fc from 'fast-check'
import type { Expected, Revision } from '../event-store.js'
import { planBatch } from './batch.js'

const STREAMS = ['coil-1', 'coil-2', 'line-1']

const append = fc
  .uniqueArray(
    fc.record({
      stream: fc.constantFrom(...STREAMS),
      expected: fc.oneof(fc.constantFrom<Expected>('none', 'any'), fc.integer({ min: 0, max: 4 })),
      events: fc.array(fc.constant({ id: '', type: 'CoilMoved', data: '{}', metadata: '{}' }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { selector: (write) => write.stream, minLength: 1 },
  )
  .map((drafts) => ({ drafts }))
const appends = fc.array(append, { minLength: 1, maxLength: 8 })
const bases = fc.tuple(...STREAMS.map((stream) => fc.tuple(fc.constant(stream), fc.integer({ min: -1, max: 3 }))))

/** One append after the other, as the contract reads. */
function oneByOne(
  batch: readonly { drafts: readonly { stream: string; expected: Expected; events: unknown[] }[] }[],
  from: Map<string, Revision>,
) {
  const revisions = new Map(from)
  const written: string[] = []
  const held = batch.map(({ drafts }) => {
    const holds = drafts.every(({ stream, expected }) => {
      const actual = revisions.get(stream)!
      return expected === 'any' || actual === (expected === 'none' ? -1 : expected)
    })
    if (!holds) return false
    for (const { stream, events } of drafts) {
      for (const _ of events) {
        revisions.set(stream, revisions.get(stream)! + 1)
        written.push(`${stream}@${revisions.get(stream)}`)
      }
    }
    return true
  })
  return { held, written }
}

describe('a batch of appends', () => {
  it('is decided as if one append came after the other', () => {
    fc.assert(
      fc.property(appends, bases, (batch, from) => {
        const known = new Map(from)
        const plan = planBatch(batch, known)!
        const expected = oneByOne(batch, known)
        expect(batch.map((one) => plan.accepted.includes(one))).toEqual(expected.held)
        const written = plan.placeOf.map((place, i) => {
          const stream = plan.streams[place - 1]!
          return `${stream}@${known.get(stream)! + plan.stepOf[i]!}`
        })
        expect(written).toEqual(expected.written)
      }),
    )
  })

  it('is decided the same by presumption, whenever the server then finds what was presumed', () => {
    fc.assert(
      fc.property(appends, bases, (batch, from) => {
        const known = new Map(from)
        const plan = planBatch(batch)
        if (!plan) return
        const confirmed = plan.streams.every((s, i) => plan.presumed[i] === null || plan.presumed[i] === known.get(s))
        if (!confirmed) return
        expect(batch.map((one) => plan.accepted.includes(one))).toEqual(oneByOne(batch, known).held)
      }),
      { numRuns: 2_000 },
    )
  })

  it('says where the stream is to whoever expected it elsewhere', () => {
    const event = { id: '', type: 'CoilReceived', data: '{}', metadata: '{}' }
    const create = () => ({ drafts: [{ stream: 'coil-1', expected: 'none' as const, events: [event] }] })
    const plan = planBatch([create(), create()])!
    expect(plan.accepted).toHaveLength(1)
    expect(plan.refused[0]!.conflict).toMatchObject({ stream: 'coil-1', expected: 'none', actual: 0 })
  })
})
