import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { EventStore, RecordedEvent } from '#event-store/event-store'
import { FixedClock } from '#platform/clock'
import { readConfig } from '#platform/config'
import { createApp } from '#platform/http/create-app'
import { EVENT_STORE } from '#platform/store'
import { coilReceived, coilReserved, coilsReserved, salesOrderPlaced } from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { OperationsModule } from '../../operations.module.js'

const FRIDAY = '2026-11-13T12:00:00.000Z'

describe('The end of a reservation', () => {
  let plant: ReadSide
  const clock = new FixedClock('2026-11-10T12:00:00Z')
  const started: NestFastifyApplication[] = []
  beforeEach(async () => {
    clock.set('2026-11-10T12:00:00Z')
    plant = await readSide(OperationsModule, { clock })
  })
  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()))
    await plant.close()
  })

  /** Another process of the same plant. */
  const start = async (at: FixedClock) => {
    const config = readConfig({ COILTRAIL_TOKENS_FILE: '/dev/null' })
    const app = await createApp(OperationsModule, { config, databaseUrl: plant.database.url, logger: false, clock: at })
    await app.init()
    started.push(app)
    return app
  }
  const history = async (stream: string, store = plant.store): Promise<readonly RecordedEvent[]> =>
    (await store.readMany([{ stream }])).get(stream) ?? []
  const typesOf = async (stream: string) => (await history(stream)).map(({ type }) => type)
  const reserved = (until: string) =>
    plant.happened(
      '2026-11-10T11:00:00Z',
      salesOrderPlaced(),
      coilReceived(),
      coilsReserved({ until }),
      coilReserved({ until }),
    )

  it('comes by itself when its time is over, and not before', async () => {
    await reserved(FRIDAY)
    await passes(2_500)
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilReserved'])

    clock.set(FRIDAY)
    await until(async () => (await typesOf('coil-AZ-1')).includes('CoilReservationExpired'))
    const [expired] = (await history('salesOrder-SO-1')).filter(({ type }) => type === 'ReservationExpired')
    expect(expired!.data).toMatchObject({ salesOrder: 'SO-1', coils: ['AZ-1'], until: FRIDAY })
    expect(expired!.metadata).toMatchObject({ actor: 'Coiltrail', occurredAt: FRIDAY })
  })

  it('comes once, however many processes watch for it, and however often they start', async () => {
    const late = new FixedClock('2026-11-20T12:00:00Z')
    await Promise.all([start(late), start(late), start(late)])
    await reserved(FRIDAY)
    await until(async () => (await typesOf('coil-AZ-1')).includes('CoilReservationExpired'))
    await start(late)
    await passes(2_500)
    expect(await typesOf('coil-AZ-1')).toEqual(['CoilReceived', 'CoilReserved', 'CoilReservationExpired'])
    expect(await typesOf('salesOrder-SO-1')).toEqual(['SalesOrderPlaced', 'CoilsReserved', 'ReservationExpired'])
  })

  it('is found by a process that starts after it', async () => {
    await reserved(FRIDAY)
    const app = await start(new FixedClock('2026-11-20T12:00:00Z'))
    const store = app.get<EventStore>(EVENT_STORE)
    await until(async () => (await history('coil-AZ-1', store)).some(({ type }) => type === 'CoilReservationExpired'))
  })

  it('is put off by an extension, and does not come for what was sold', async () => {
    await reserved(FRIDAY)
    const change = { reservation: 'reservation-1', salesOrder: 'SO-1', previousUntil: FRIDAY }
    const later = { ...change, until: '2026-11-20T12:00:00.000Z' }
    await plant.happened(
      '2026-11-10T11:30:00Z',
      { type: 'ReservationExtended', data: { ...later, line: 1, coils: ['AZ-1'] } },
      { type: 'CoilReservationExtended', data: { ...later, coil: 'AZ-1' } },
    )
    clock.set(FRIDAY)
    await passes(2_500)
    expect(await typesOf('coil-AZ-1')).not.toContain('CoilReservationExpired')

    const sold = await plant.http.post('/api/sales-orders/SO-1/lines/1/sell', { coils: ['AZ-1'] }, { as: 'sales' })
    expect(sold.status).toBe(201)
    clock.set('2026-11-21T12:00:00Z')
    await passes(2_500)
    expect((await typesOf('coil-AZ-1')).at(-1)).toBe('CoilSold')
  })
})

const passes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 15_000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to be within 15 seconds')
    await passes(50)
  }
}
