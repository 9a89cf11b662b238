/** The network between the product and its database, as it is on a bad day. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface NetworkLine {
  /** The database, by way of this line. */
  readonly url: string
  /** Nothing passes any more, in no connection and no new one, and nobody is told. */
  fallSilent(): void
  /** New connections are fine; those that were open when it fell silent are dead, as behind a firewall that forgot them. */
  comeBack(): void
  /** All connections break, and both sides learn it at once. */
  reset(): void
  close(): void
}

export async function networkLine(databaseUrl: string): Promise<NetworkLine> {
  const database = new URL(databaseUrl)
  const connections = new Set<readonly [Socket, Socket]>()
  const dead = new Set<readonly [Socket, Socket]>()
  let silent = false

  const line = createServer((client) => {
    const server = connect(Number(database.port), database.hostname)
    const ends = [client, server] as const
    connections.add(ends)
    if (silent) silence(ends)
    for (const [from, to] of [ends, [server, client]] as const) {
      from.on('data', (bytes) => to.write(bytes))
      from.on('error', () => from.destroy())
      from.on('close', () => {
        connections.delete(ends)
        if (!dead.has(ends)) to.destroy()
      })
    }
  })
  const silence = (ends: readonly [Socket, Socket]) => {
    dead.add(ends)
    for (const end of ends) end.pause()
  }
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done))

  const address = new URL(databaseUrl)
  address.hostname = '127.0.0.1'
  address.port = String((line.address() as AddressInfo).port)
  return {
    url: address.href,
    fallSilent() {
      silent = true
      for (const ends of connections) silence(ends)
    },
    comeBack() {
      silent = false
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
