import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { hash } from '@node-rs/argon2'
import { OperationsModule } from '#apps/operations/src/operations.module'
import type { EventStore } from '#event-store/event-store'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { EVENT_STORE } from '#platform/store'
import { type TestApp, testApp } from '#test/support/app'
import { addressOf, httpClient } from '#test/support/http'
import { PASSWORD, personOf } from '#test/support/people'

const WRONG = 'not the one at all'

describe('Who guesses a password', () => {
  let plant: TestApp
  beforeEach(async () => {
    plant = await testApp({ module: OperationsModule })
  })
  afterEach(() => plant.close())

  const signIn = (name: string, password: string, http = plant.http) =>
    http.post('/api/session', { name, password }, { as: null })
  /** Status, rule and seconds to wait. */
  const said = async (name: string, password: string) => {
    const { status, body, headers } = await signIn(name, password)
    const wait = headers.get('retry-after')
    expect(body.values?.waitSeconds).toBe(wait === null ? undefined : Number(wait))
    return [status, body.rule, ...(wait === null ? [] : [Number(wait)])]
  }
  const letTimePass = (name: string) =>
    plant.database.pool.query(`UPDATE identity.account SET wait_until = now() WHERE lower(name) = lower($1)`, [name])
  const eventsOf = async (account: string, least: number) => {
    const stream = `account-${account}`
    for (let tries = 0; ; tries++) {
      const events = (await plant.app.get<EventStore>(EVENT_STORE).readMany([{ stream }])).get(stream) ?? []
      if (events.length >= least || tries > 50) return events
      await sleep(100)
    }
  }

  it('waits after the third wrong one, twice as long each time up to 15 minutes; the right one is refused as well', async () => {
    const { name } = await personOf(plant, 'operator')
    for (let n = 0; n < 3; n++) expect(await said(name, WRONG)).toEqual([401, 'wrong-name-or-password'])
    expect(await said(name, PASSWORD)).toEqual([429, 'too-many-tries', 1])
    for (const seconds of [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      await letTimePass(name)
      expect(await said(name, WRONG)).toEqual([401, 'wrong-name-or-password'])
      expect(await said(name, PASSWORD)).toEqual([429, 'too-many-tries', seconds])
    }
    await plant.database.pool.query('UPDATE identity.account SET failures = 2000000 WHERE name = $1', [name])
    await letTimePass(name)
    expect(await said(name, WRONG)).toEqual([401, 'wrong-name-or-password'])
    await letTimePass(name)
    expect((await signIn(name, PASSWORD)).status).toBe(201)
    for (let n = 0; n < 3; n++) expect(await said(name, WRONG)).toEqual([401, 'wrong-name-or-password'])
    expect(await said(name, WRONG)).toEqual([429, 'too-many-tries', 1])
  })

  it('cannot tell a name that nobody has from one that somebody has, neither by answers nor by their time', async () => {
    const { name } = await personOf(plant, 'operator')
    const times: number[] = []
    const story = async (of: string) => {
      const answers: unknown[] = []
      for (let n = 0; n < 6; n++) {
        // Over by then for both: the first wait is one second.
        if (n === 4) await sleep(1_050)
        const start = performance.now()
        answers.push(await said(n % 2 ? of.toUpperCase() : of, WRONG))
        times.push(performance.now() - start)
      }
      return answers
    }
    const [known, unknown] = [await story(name), await story('Nobody at all')]
    expect(unknown).toEqual(known)
    expect(known.at(-1)).toEqual([429, 'too-many-tries', 2])
    // What differs by some milliseconds is over by then.
    for (const time of times) expect(time).toBeGreaterThan(290)
  })

  it.each(['somebody', 'nobody'])(
    'a hundred times at once has three looked at, for a name that %s has',
    async (who) => {
      const name = who === 'somebody' ? (await personOf(plant, 'operator')).name : 'Nobody at all'
      const answers = []
      const began = performance.now()
      // As many as are let in at once; all the others would be turned away before.
      for (let n = 0; n < 2; n++) {
        answers.push(...(await Promise.all(Array.from({ length: 50 }, () => signIn(name, WRONG)))))
      }
      const statuses = answers.map(({ status }) => status)
      const looked = statuses.filter((status) => status === 401).length
      // Where these take longer than a second, the first wait is over meanwhile, and the next is twice as long.
      const seconds = (performance.now() - began) / 1_000
      expect(looked).toBeGreaterThanOrEqual(3)
      expect(looked).toBeLessThanOrEqual(3 + Math.floor(Math.log2(1 + seconds)))
      expect(statuses.filter((status) => status === 429)).toHaveLength(100 - looked)
    },
  )

  it('waits on though Coiltrail was started again', async () => {
    const { name } = await personOf(plant, 'operator')
    for (let n = 0; n < 5; n++) {
      await letTimePass(name)
      await signIn(name, WRONG)
    }
    const settings = { config: readConfig({}), databaseUrl: plant.database.url, logger: false } as const
    const again = await createApp(OperationsModule, settings)
    try {
      await again.listen(0, '127.0.0.1')
      const answer = await signIn(name, PASSWORD, httpClient(addressOf(again), plant.token))
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^[34]$/)])
    } finally {
      await again.close()
    }
  })

  it('waits for the old password as well when it is to be changed', async () => {
    const { name, http } = await personOf(plant, 'operator')
    const change = () =>
      http.post('/api/session/password', { password: WRONG, newPassword: 'eight coils on two skids' })
    for (let n = 0; n < 3; n++) expect((await change()).body.rule).toBe('wrong-password')
    expect((await change()).body.rule).toBe('too-many-tries')
    expect((await said(name, PASSWORD))[0]).toBe(429)
  })

  it('need not wait any longer when somebody is invited again', async () => {
    const { name, account } = await personOf(plant, 'operator')
    for (let n = 0; n < 4; n++) await signIn(name, WRONG)
    await plant.http.post(`/api/accounts/${account}/invite`)
    expect((await signIn(name, PASSWORD)).status).toBe(201)
  })

  it('is recorded: each try that was looked at, and once for each wait, without any secret', async () => {
    const { name, account, cookie } = await personOf(plant, 'operator')
    for (let n = 0; n < 6; n++) await signIn(name, WRONG)
    await letTimePass(name)
    await signIn(name, PASSWORD)
    const events = await eventsOf(account, 9)
    const told = events.map(({ type, data }) => [type, (data as { why?: string; by?: string }).why].filter(Boolean))
    expect(told).toEqual([
      ['AccountOpened'],
      ['AccountInvited'],
      ['PasswordChosen'],
      ['SignedIn'],
      ['SignInRefused', 'wrong-password'],
      ['SignInRefused', 'wrong-password'],
      ['SignInRefused', 'wrong-password'],
      ['SignInRefused', 'too-many-tries'],
      ['SignedIn'],
    ])
    const text = JSON.stringify(events.map(({ data, metadata }) => [data, metadata]))
    const { rows } = await plant.database.pool.query<{ text: string }>(
      'SELECT row_to_json(a)::text AS text FROM identity.account a UNION ALL SELECT row_to_json(s)::text FROM identity.session s',
    )
    for (const secret of [PASSWORD, WRONG, cookie.split('=')[1]!]) {
      expect(text + rows.map((row) => row.text).join()).not.toContain(secret)
    }
    expect(text).not.toMatch(/argon2|[\w-]{43}/)
  })

  it('meets the same answer at a closed account, though the password be right', async () => {
    const { name, account } = await personOf(plant, 'operator')
    await plant.http.post(`/api/accounts/${account}/close`, { reason: 'left the plant' })
    expect(await said(name, PASSWORD)).toEqual([401, 'wrong-name-or-password'])
    const events = await eventsOf(account, 7)
    expect(events.at(-1)).toMatchObject({ type: 'SignInRefused', data: { why: 'closed' } })
    await plant.http.post(`/api/accounts/${account}/reopen`, { reason: 'came back' })
    expect((await signIn(name, PASSWORD)).status).toBe(201)
  })

  it('has it no easier with a password that was kept at less cost: it is kept anew when its owner signs in', async () => {
    const { name, account } = await personOf(plant, 'operator')
    const weak = await hash(PASSWORD, { memoryCost: 8_192, timeCost: 1 })
    const kept = async () =>
      (await plant.database.pool.query('SELECT password_hash AS hash FROM identity.account WHERE id = $1', [account]))
        .rows[0].hash
    await plant.database.pool.query('UPDATE identity.account SET password_hash = $2 WHERE id = $1', [account, weak])
    await signIn(name, WRONG)
    expect(await kept()).toBe(weak)
    expect((await signIn(name, PASSWORD)).status).toBe(201)
    expect(await kept()).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect((await signIn(name, PASSWORD)).status).toBe(201)
  })
})
