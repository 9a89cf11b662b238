import { ApprovalNeeded } from '#domain/approval/four-eyes'
import { allEvents, type PlantFact } from '#domain/events'
import type { Given } from '#domain/given'
import { Refused } from '#domain/refusal'
import { type StreamKind, streamOf } from '#domain/streams'

/** What a decision in a specification may read: states folded from the facts given. */
export interface World {
  get<State>(kind: StreamKind<State>, id: string): State
  find<State>(kind: StreamKind<State>, id: string): State | undefined
  readonly given: Given
}

export const NOON: Given = {
  now: new Date('2026-11-10T12:00:00Z'),
  occurredAt: '2026-11-10T12:00:00.000Z',
  actor: 'Ana Popescu',
  commandId: 'command-1',
}

/** The same, with a second person who agrees. */
export const AGREED: Given = { ...NOON, approved: { requestedBy: NOON.actor, approvedBy: 'Ion Vasile' } }

/**
 * given(facts).when(decision).thenRecorded(facts) or .thenRefused(rule, values).
 * Facts given and facts decided are checked against their schemas, so that no specification speaks of impossible ones.
 */
export function given(...facts: readonly PlantFact[]) {
  facts.forEach(assertWellFormed)
  const find = <State>(kind: StreamKind<State>, id: string): State | undefined =>
    facts
      .filter((fact) => streamOf(fact) === kind.stream(id))
      .reduce<State | undefined>((state, fact) => kind.evolve(state, fact), undefined)
  const world: World = {
    given: NOON,
    find,
    get(kind, id) {
      const state = find(kind, id)
      if (state === undefined) throw new Error(`the specification gives no ${kind.thing} ${id}`)
      return state
    },
  }
  return { when: (decide: (world: World) => readonly PlantFact[]) => outcomeOf(() => decide(world)) }
}

function outcomeOf(decide: () => readonly PlantFact[]) {
  let facts: readonly PlantFact[] = []
  let refused: Refused | undefined
  let asked: ApprovalNeeded | undefined
  try {
    facts = decide()
  } catch (error) {
    if (error instanceof Refused) refused = error
    else if (error instanceof ApprovalNeeded) asked = error
    else throw error
  }
  facts.forEach(assertWellFormed)
  return {
    facts,
    faults: refused?.faults ?? [],
    /** Exactly these facts, in this order; of each, at least these fields. */
    thenRecorded(...expected: readonly { type: PlantFact['type']; data?: object }[]) {
      expect(refused?.faults ?? []).toEqual([])
      expect(asked?.asks).toBeUndefined()
      expect(facts.map((fact) => fact.type)).toEqual(expected.map((fact) => fact.type))
      expected.forEach((fact, i) => {
        if (fact.data) expect(facts[i]!.data).toMatchObject(fact.data)
      })
    },
    /** No rule is broken, but it takes a second person, who is asked this. */
    thenNeedsApproval(asks: string) {
      expect(refused?.faults ?? []).toEqual([])
      expect(asked?.asks).toBe(asks)
    },
    /** Refused, by this rule among others; its values hold at least these. */
    thenRefused(rule: string, values: object = {}) {
      if (!refused)
        throw new Error(`expected a refusal by ${rule}, but recorded ${facts.map((f) => f.type).join(', ')}`)
      expect(refused.faults.map((fault) => fault.rule)).toContain(rule)
      expect(refused.faults.find((fault) => fault.rule === rule)!.values).toMatchObject(values)
    },
    /** Refused by exactly these rules, in any order. */
    thenRefusedBy(...rules: readonly string[]) {
      expect((refused?.faults ?? []).map((fault) => fault.rule).sort()).toEqual([...rules].sort())
    },
  }
}

function assertWellFormed(fact: PlantFact): void {
  const parsed = allEvents[fact.type].schema.safeParse(fact.data)
  if (!parsed.success) throw new Error(`${fact.type} is not well-formed: ${parsed.error.message}`)
}
