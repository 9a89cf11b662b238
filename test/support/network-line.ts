/** The network between the product and a server that it needs, as it is on a bad day. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface NetworkLine {
  /** The server, by way of this line. */
  readonly url: string
  /** Where the line begins, on 127.0.0.1. */
  readonly port: number
  /** Nothing passes any more, in no connection and no new one, and nobody is told. */
  fallSilent(): void
  /** New connections are fine; those that were open when it fell silent are dead, as behind a firewall that forgot them. */
  comeBack(): void
  /** Nothing passes, in no connection and no new one, until `release`; then all go on as if nothing had been. */
  hold(): void
  release(): void
  /** One end of every connection is told that it is over; the other believes it open, and hears nothing more. */
  halfOpen(told: End): void
  /** The server has found out that connections are dead, and ends them; the other end is not told. */
  bury(): void
  /** All connections break, and both sides learn it at once. */
  reset(): void
  close(): void
}

/** The product, or what it needs. */
export type End = 'client' | 'server'

type Ends = readonly [client: Socket, server: Socket]

/** @param server address of any kind, such as `postgres://user@host:5432/coil` or `kafka://127.0.0.1:9092` */
export async function networkLine(server: string): Promise<NetworkLine> {
  const { hostname, port: serverPort } = new URL(server)
  const connections = new Set<Ends>()
  const dead = new Set<Ends>()
  let passes = true
  let silent = false

  const line = createServer((client) => {
    const ends: Ends = [client, connect(Number(serverPort), hostname)]
    connections.add(ends)
    if (silent) dead.add(ends)
    if (!passes) stop(ends)
    for (const [from, to] of [ends, [ends[1], client]] as const) {
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => from.destroy())
      from.on('close', () => {
        connections.delete(ends)
        if (!dead.has(ends)) to.destroy()
      })
    }
  })
  const stop = (ends: Ends) => {
    for (const end of ends) end.pause()
  }
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done))
  const { port } = line.address() as AddressInfo

  const address = new URL(server)
  address.hostname = '127.0.0.1'
  address.port = String(port)
  return {
    url: address.href,
    port,
    fallSilent() {
      silent = true
      passes = false
      for (const ends of connections) {
        dead.add(ends)
        stop(ends)
      }
    },
    comeBack() {
      silent = false
      passes = true
    },
    hold() {
      passes = false
      for (const ends of connections) stop(ends)
    },
    release() {
      passes = true
      for (const ends of connections) if (!dead.has(ends)) for (const end of ends) end.resume()
    },
    halfOpen(told) {
      for (const ends of connections) {
        dead.add(ends)
        stop(ends)
        ends[told === 'client' ? 0 : 1].destroy()
      }
    },
    bury() {
      for (const [, server] of dead) server.destroy()
    },
    reset() {
      for (const ends of connections) for (const end of ends) end.resetAndDestroy()
    },
    close() {
      for (const ends of [...connections, ...dead]) for (const end of ends) end.destroy()
      line.close()
    },
  }
}
