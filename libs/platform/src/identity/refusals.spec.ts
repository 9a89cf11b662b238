import 'reflect-metadata'
import { Controller, Get, Module, Param } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { testApp } from '#test/support/app'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { Problem } from '../problems/problem.js'
import { AccessLog } from './access-log.js'
import { Allow, rememberWhoAsks } from './allow.js'
import { ApiKeys } from './api-keys.js'
import type { Permission } from './permissions.js'
import { Refusals } from './refusals.js'
import type { Actor } from './roles.js'

const who: Actor = { kind: 'key', id: 'k', name: 'Gate 2', role: 'operator', source: 'scanner' }

@Controller('refusing')
class RefusingController {
  @Get(':which')
  @Allow('manage-own-access')
  refuses(@Param('which') which: string) {
    throw new Problem(403, `rule-${which}`, 'not this')
  }
}

@Module({ controllers: [RefusingController] })
class RefusingModule {}

describe('What somebody known is refused', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    await new ApiKeys(new AccessLog(database.pool)).prepare()
  })
  afterAll(() => database.drop())

  it('is told at once, and what comes again, with how often, at the latest when the process stops', async () => {
    const refusals = new Refusals(new AccessLog(database.pool))
    const tell = (permission: Permission) => {
      const request = { ip: '192.0.2.7' } as FastifyRequest
      rememberWhoAsks(request, { actor: who, permission })
      refusals.tell(request, 'not-allowed')
    }
    refusals.tell({ ip: '192.0.2.7' } as FastifyRequest, 'cross-site-request')
    for (let n = 0; n < 1_000; n++) tell('sell-coils')
    tell('define-alloy')
    await refusals.onApplicationShutdown()
    const { rows } = await database.pool.query<{ permission: string; times: number }>(
      `SELECT data->>'permission' AS permission, (data->>'times')::int AS times
       FROM identity.unrecorded_fact ORDER BY 1, 2`,
    )
    expect(rows).toEqual([
      { permission: 'define-alloy', times: 1 },
      { permission: 'sell-coils', times: 1 },
      { permission: 'sell-coils', times: 999 },
    ])
  })

  it('is told to the last when the whole product stops', async () => {
    const { app, http, database: kept } = await testApp({ module: RefusingModule })
    const routes = Array.from({ length: 8 }, (_, n) => `/api/refusing/${n}`)
    for (let n = 0; n < 2; n++) await Promise.all(routes.map((route) => http.get(route, { as: 'auditor' })))
    await app.close()
    const { rows } = await kept.pool.query<{ noted: number; recorded: number }>(
      `SELECT (SELECT count(*) FROM identity.unrecorded_fact WHERE type = 'AccessRefused')::int AS noted,
         (SELECT count(*) FROM event_store.events WHERE type = 'AccessRefused')::int AS recorded`,
    )
    await kept.drop()
    expect(rows[0]!.noted + rows[0]!.recorded).toBe(16)
  })
})
