import fc from 'fast-check'
import { type TestApp, testApp } from '../support/app.js'
import { type Person, personOf } from '../support/people.js'
import { COILS, type Deed, ordinary, type Plan, receipt, scrap } from './deeds.js'
import { Names, PlantModel } from './plant-model.js'
import { processing } from './process-deeds.js'
import { cancel, trade } from './trade-deeds.js'

interface Step {
  /** The first that the rules allow is done; the first of all if they allow none. Else most would be refused. */
  readonly plans: readonly Plan[]
  /** The revision of the coil that If-Match names, where the deed is about one. */
  readonly ifMatch: 'none' | 'fresh' | 'stale'
  /** An earlier deed that is sent once more before, as it was or with another body under its key. */
  readonly before: { readonly back: number; readonly altered: boolean } | null
}

const deed = fc.oneof(
  { weight: 30, arbitrary: fc.oneof(...ordinary) },
  { weight: 25, arbitrary: fc.oneof(...processing) },
  { weight: 30, arbitrary: fc.oneof(...trade) },
  { weight: 1, arbitrary: fc.oneof(cancel, scrap) },
)
const step: fc.Arbitrary<Step> = fc.record({
  plans: fc.array(deed, { minLength: 1, maxLength: 8, size: 'max' }),
  ifMatch: fc.constantFrom('none', 'none', 'none', 'none', 'none', 'fresh', 'fresh', 'stale'),
  before: fc.option(fc.record({ back: fc.nat(20), altered: fc.boolean() }), { freq: 5 }),
})
// A plan is a function, of which nothing can be read: the run tells what it became.
const untold = step.map((step) => Object.assign(step, { [fc.toStringMethod]: () => 'a step' }))
const steps = fc.array(untold, { minLength: 1, maxLength: 200, size: 'max' })

describe('A plant of a dozen coils, two owners and two sales orders, whatever people try', () => {
  let plant: TestApp
  let second: Person
  beforeAll(async () => {
    plant = await testApp()
    second = await personOf(plant, 'quality')
  })
  afterAll(() => plant.close())

  const runs = { count: 0, recorded: 0, refused: 0 }
  it('records what its rules allow, refuses the rest by name, and loses no kilogram', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const run = new Run(plant, new Names(`M${++runs.count}`), second)
        try {
          await run.begin()
          for (const step of steps) await run.take(step)
          await run.compare()
        } catch (error) {
          throw new Error(`${(error as Error).message}\nafter\n${run.told.join('\n')}`, { cause: error })
        }
        runs.recorded += run.done.length
        runs.refused += run.refused
      }),
      { numRuns: 15, interruptAfterTimeLimit: 240_000 },
    )
    // If most of it were refused, or all of it allowed, this would test little.
    expect(runs.recorded).toBeGreaterThan(runs.count * 5)
    expect(runs.refused).toBeGreaterThan(runs.count)
  }, 600_000)
})

interface Done {
  readonly deed: Deed
  readonly key: string
  readonly status: number
  readonly outcome: { readonly events: unknown[] }
}

class Run {
  readonly done: Done[] = []
  readonly told: string[] = []
  refused = 0
  private readonly model: PlantModel
  private readonly revisions = new Map<string, number>()
  private token = '0'
  private sent = 0

  constructor(
    private readonly plant: TestApp,
    private readonly names: Names,
    /** Who approves. */
    private readonly second: Person,
  ) {
    this.model = new PlantModel(names)
  }

  async begin(): Promise<void> {
    const { http } = this.plant
    const { giver, keeper, bay } = this.names
    const partner = { country: 'RO', roles: ['owner'] }
    const anyOfThem = { gaugeMm: { min: 1, max: 8 }, widthMm: { min: 1000, max: 1500 } }
    const specification = { alloy: 'EN AW-8011A', temper: 'F', ...anyOfThem }
    const order = { customer: 'METALCO', lines: [{ specification, kg: 900_000, tolerancePercent: 10 }] }
    const answers = [
      await http.put(`/api/partners/${giver}`, { ...partner, name: 'gave a mandate' }),
      await http.put(`/api/partners/${keeper}`, { ...partner, name: 'gave none' }),
      await http.post(`/api/partners/${giver}/mandates`, { validFrom: '2026-01-01', validTo: '2099-12-31' }),
      await http.put(`/api/locations/${bay}`, { name: 'small bay', kind: 'bay', capacityCoils: 2 }),
      await http.post('/api/sales-orders', { ...order, salesOrder: this.names.salesOrder(1) }),
      await http.post('/api/sales-orders', { ...order, salesOrder: this.names.salesOrder(2) }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201])
    for (const n of [1, 2, 3, 4]) {
      const plan = receipt({ n, kg: 7000 + n * 321, gaveMandate: n < 4, where: 'YARD' })
      await this.take({ plans: [plan], ifMatch: 'none', before: null })
    }
  }

  async take({ plans, ifMatch, before }: Step): Promise<void> {
    if (before && this.done.length > 0) await this.sendAgain(before.back % this.done.length, before.altered)
    const deeds = plans.map((plan) => plan(this.model))
    const deed = deeds.find(({ breaks }) => breaks.length === 0) ?? deeds[0]!
    const revision = deed.about === undefined ? undefined : this.revisions.get(deed.about)
    const key = `${this.names.prefix}key-${++this.sent}`
    const stale = ifMatch === 'stale' && revision !== undefined && revision > 0
    const headers: Record<string, string> = stale
      ? { 'if-match': `"${revision - 1}"` }
      : ifMatch === 'fresh' && revision !== undefined
        ? { 'if-match': `"${revision}"` }
        : {}
    const { status, body } = await this.send(deed, key, headers)
    if (stale) return expect([deed.path, status]).toEqual([deed.path, 412])
    if (deed.breaks.length > 0) {
      this.refused++
      const told = (body.errors ?? []).map((error: { rule: string }) => error.rule)
      // Of what is not known, no rule can be said to be broken.
      const unknown = deed.breaks.filter((rule) => rule.startsWith('unknown-'))
      const expected = unknown.length > 0 ? unknown : [...new Set(deed.breaks)]
      expect({ deed, status, told }).toEqual({
        deed,
        status: unknown.length > 0 ? 404 : 422,
        told: expect.arrayContaining(expected),
      })
      return
    }
    expect({ deed, status, body }).toMatchObject({ deed, status: deed.takesTwo ? 202 : 201, body: { replayed: false } })
    this.done.push({ deed, key, status, outcome: body })
    const { token, events } = deed.takesTwo ? await this.approve(body.subject) : body
    deed.happen(key)
    this.token = token
    for (const { stream, revision } of events) this.revisions.set(stream.replace(/^coil-/, ''), revision)
  }

  /** However the plant has moved on: the first outcome again, or that the key is taken. */
  private async sendAgain(nth: number, altered: boolean): Promise<void> {
    const { deed, key, status: first, outcome } = this.done[nth]!
    const otherwise = { ...deed, body: { ...deed.body, occurredAt: '2026-01-01T00:00:00Z' } }
    const { status, body } = await this.send(altered ? otherwise : deed, key)
    if (altered) expect([status, body.rule]).toEqual([422, 'idempotency-key-reused'])
    else expect({ status, body }).toEqual({ status: first, body: { ...outcome, replayed: true } })
  }

  private async approve(subject: string) {
    const path = `/api/approvals/${subject.replace('approval-', '')}/approve`
    const { status, body } = await this.second.http.post(path, {})
    expect({ status, body }).toMatchObject({ status: 201 })
    return body
  }

  private async send({ as, path, body }: Deed, key: string, headers: Record<string, string> = {}) {
    const answer = await this.plant.http.post(path, body, { as, key, headers })
    const { errors = [] } = answer.body
    const rules = errors.map(({ rule }: { rule: string }) => rule).join()
    this.told.push([answer.status, path, JSON.stringify(body), ...Object.values(headers), rules].join(' '))
    return answer
  }

  /** The product's coils, stock and books against the model's. */
  async compare(): Promise<void> {
    const { model, names } = this
    const get = (path: string) => this.plant.http.get(path, { as: 'auditor' })
    let [inKg, scrapKg, differenceKg, onHandKg, goneKg] = [0, 0, 0, 0, 0]
    for (let n = 1; n <= COILS; n++) {
      const number = names.coil(n)
      const { status, body } = await get(`/api/coils/${number}?after=${this.token}`)
      const coil = model.coils.get(number)
      if (!coil) {
        expect([number, status]).toEqual([number, 404])
        continue
      }
      const { books, holds } = body
      expect({ ...body, holds: holds.map(({ hold }: { hold: string }) => hold).sort() }).toMatchObject({
        coil: number,
        physical: coil.physical,
        owner: coil.owner,
        netWeightKg: coil.kg,
        location: coil.place ?? null,
        commercial: coil.sold ? 'sold' : coil.reserved ? 'reserved' : 'free',
        holds: [...coil.holds].sort(),
        mothers: coil.mothers.map((mother) => expect.objectContaining({ coil: mother })),
      })
      expect(books.unaccountedKg).toBe(0)
      inKg += books.adjustmentKg + (coil.mothers.length > 0 ? 0 : books.initialKg)
      scrapKg += books.scrapKg
      differenceKg += books.differenceKg
      onHandKg += books.onHandKg
      goneKg += books.dispatchedKg - books.returnedKg
    }
    const { goneKg: gone } = model
    const held = model.kgOf(({ physical }) => physical === 'in-stock' || physical === 'in-process')
    expect({ inKg, scrapKg, differenceKg, onHandKg, goneKg }).toEqual({
      inKg: model.inKg,
      scrapKg: model.scrapKg,
      differenceKg: model.differenceKg,
      onHandKg: held,
      goneKg: gone,
    })
    expect(inKg).toBe(onHandKg + goneKg + scrapKg + differenceKg)

    const { owners, plant } = (await get('/api/balance')).body
    expect([...owners, plant].filter(({ unbalancedKg }) => unbalancedKg !== 0)).toEqual([])
    for (const owner of [names.giver, names.keeper]) {
      const books = owners.find((books: { owner: string }) => books.owner === owner)
      const theirs = model.kgOf((coil) => coil.owner === owner && ['in-stock', 'in-process'].includes(coil.physical))
      expect([owner, books?.onHandKg ?? 0]).toEqual([owner, theirs])
    }
  }
}
