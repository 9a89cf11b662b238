import { connect } from 'node:net'
import { type Listening, listen } from '#test/support/event-source'
import { example } from '#test/support/every-fact'
import { locationDefined } from '#test/support/facts'
import { type ReadSide, readSide } from '#test/support/read-side'
import { InventoryModule } from '../inventory.module.js'
import { change } from './change.js'

const AT = '2026-11-07T08:00:00Z'

let plant: ReadSide
let number = 0
beforeEach(async () => {
  plant = await readSide(InventoryModule)
})
afterEach(() => plant.close())

const arrivals = (count: number) =>
  Array.from({ length: count }, () => example('CoilReceived', { coil: `C-${number++}` }))
const hear = (query = '', lastEventId?: string) =>
  listen(`${plant.url}/api/changes${query}`, plant.token('administrator'), lastEventId)
const positions = ({ messages }: Listening) => messages.map(({ id }) => Number(id))

describe('Live changes', () => {
  it('tell each fact in words, as soon as queries know of it', async () => {
    const listening = await hear()
    const began = performance.now()
    const position = await plant.happened(AT, ...arrivals(1))
    await listening.until(({ length }) => length >= 1)
    expect(performance.now() - began).toBeLessThan(2_000)
    const message = listening.messages[0]!
    expect(message.event).toBe('CoilReceived')
    expect(message.id).toBe(position.toString())
    expect(change.parse(message.data)).toMatchObject({
      ...{
        position: message.id,
        type: 'CoilReceived',
        coil: `C-${number - 1}`,
        occurredAt: '2026-11-07T08:00:00.000Z',
      },
      summary: expect.stringMatching(/^Received from AZAL into B1/),
    })
    // Told of it, a client may ask at once, without waiting.
    expect((await plant.http.get(`/api/coils/C-${number - 1}`)).status).toBe(200)
    listening.close()
  })

  it('go on behind the last one seen: no hole, no double, while others record at the same time', async () => {
    await plant.happened(AT, ...arrivals(700))
    let recording = true
    const record = async () => {
      while (recording) await plant.happened(AT, ...arrivals(1 + Math.floor(Math.random() * 5)))
    }
    const recorders = [record(), record(), record()]
    const seen: number[] = []
    for (let n = 0; n < 12; n++) {
      // The first one begins at the beginning; each next one where the one before was cut off, somewhere in between.
      const listening = await hear('', String(seen.at(-1) ?? 0))
      await listening.until((messages) => messages.length >= 150)
      listening.close()
      await listening.ended
      seen.push(...positions(listening))
    }
    recording = false
    await Promise.all(recorders)
    const head = Number(await plant.store.head())
    const last = await hear(`?lastEventId=${seen.at(-1)}`)
    await last.until(({ length }) => length >= head - seen.at(-1)!)
    seen.push(...positions(last))
    last.close()
    expect(seen.length).toBeGreaterThan(12 * 150)
    const all: number[] = []
    const stop = new AbortController()
    for await (const events of plant.store.subscribe(0n, stop.signal)) {
      all.push(...events.map(({ position }) => Number(position)))
      if (all.at(-1)! >= head) break
    }
    expect(seen).toEqual(all)
  })

  it.each([0, 1, 2, 3, 7])('begin %i events back, if that is where the client was', async (back) => {
    const head = Number(await plant.happened(AT, ...arrivals(10)))
    const listening = await hear('', String(head - back))
    await plant.happened(AT, ...arrivals(1))
    await listening.until(({ length }) => length >= back + 1)
    expect(positions(listening)).toEqual(Array.from({ length: back + 1 }, (_, n) => head - back + 1 + n))
    listening.close()
  })

  it('reach many listeners alike, also one who comes when thousands have passed', async () => {
    const early = await Promise.all([hear(), hear(), hear()])
    await plant.happened(AT, ...arrivals(6_000))
    const late = await hear('', '100')
    await Promise.all(early.map((one) => one.until(({ length }) => length >= 6_000)))
    await late.until((messages) => messages.at(-1)?.id === early[0]!.messages.at(-1)!.id)
    for (const one of early) expect(positions(one)).toEqual(positions(early[0]!))
    expect(positions(late)).toEqual(positions(early[0]!).filter((position) => position > 100))
    for (const one of [...early, late]) one.close()
  })

  it('can be of some streams only', async () => {
    const listening = await hear('?stream=coil-KEEP&lastEventId=0')
    await plant.happened(AT, ...arrivals(3), locationDefined(), example('CoilReceived', { coil: 'KEEP-1' }))
    await listening.until(({ length }) => length >= 1)
    expect(listening.messages.map(({ data }) => data.stream)).toEqual(['coil-KEEP-1'])
    listening.close()
  })

  it.each(['abc', '-1', '99999', '1.5'])('are not given from %s on, where there is no event', async (lastEventId) => {
    const { status, body } = await plant.http.get('/api/changes', { headers: { 'last-event-id': lastEventId } })
    expect([status, body.rule]).toEqual([400, 'unknown-event-id'])
    expect((await plant.http.get('/api/changes', { as: null })).status).toBe(401)
  })

  it('leave room for others when listeners leave before they begin', async () => {
    const next = (await plant.store.head()) + 1n
    const { hostname, port } = new URL(plant.url)
    const authorization = `Authorization: Bearer ${plant.token('operator')}`
    for (let n = 0; n < 201; n++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      socket.write(`GET /api/changes?after=${next} HTTP/1.1\r\nHost: plant\r\n${authorization}\r\n\r\n`)
      setTimeout(() => socket.destroy(), 1_000)
    }
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await plant.happened(AT, ...arrivals(1))
    await new Promise((resolve) => setTimeout(resolve, 500))
    const listening = await hear('', '0')
    await listening.until(({ length }) => length >= 1)
    listening.close()
  })

  it('end when the process stops, which does not wait for its listeners', async () => {
    const listening = await hear()
    const began = performance.now()
    await plant.app.close()
    await listening.ended
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  it('are not kept for ever for a client that does not read them', async () => {
    await plant.happened(AT, locationDefined(), ...arrivals(20_000))
    await eventually(
      () => plant.http.get(`/api/coils/C-${number - 1}`),
      ({ status }) => status === 200,
    )
    const quiet = await hear('?stream=nothing-')
    const before = await connections()
    const { hostname, port } = new URL(plant.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.pause()
    const authorization = `Authorization: Bearer ${plant.token('operator')}`
    socket.write(`GET /api/changes HTTP/1.1\r\nHost: plant\r\n${authorization}\r\nLast-Event-ID: 0\r\n\r\n`)
    expect(await eventually(connections, (open) => open > before)).toBe(before + 1)
    expect(await eventually(connections, (open) => open === before)).toBe(before)
    socket.destroy()
    // Who listens, and hears nothing because nothing happens, is told that the line still stands.
    await eventually(
      async () => quiet.comments.length,
      (comments) => comments > 0,
    )
    expect(quiet.comments).toEqual([': still here'])
    quiet.close()
  })
})

const connections = () =>
  new Promise<number>((resolve) =>
    plant.app.getHttpServer().getConnections((_: unknown, open: number) => resolve(open)),
  )

async function eventually<T>(ask: () => Promise<T>, good: (answer: T) => boolean): Promise<T> {
  const late = Date.now() + 30_000
  for (;;) {
    const answer = await ask()
    if (good(answer) || Date.now() > late) return answer
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
