/** A line to PostgreSQL that a spec can cut at the worst moment. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface CuttableLine {
  readonly url: string
  /** The next answer of the server is lost, and the connection that it came for. */
  cutAtNextAnswer(): void
  /** The clients lose their connections; the server learns nothing of it. */
  loseAllSilently(): void
  cuts(): number
  close(): void
}

export async function cuttableLine(url: string): Promise<CuttableLine> {
  const server = new URL(url)
  const clients = new Set<Socket>()
  const backs = new Set<Socket>()
  let armed = false
  let cuts = 0
  const line = createServer((client) => {
    const back = connect(Number(server.port), server.hostname)
    clients.add(client)
    backs.add(back)
    client.on('data', (bytes) => back.write(bytes))
    back.on('data', (bytes) => {
      if (!armed) return void client.write(bytes)
      armed = false
      cuts++
      client.destroy()
      back.destroy()
    })
    client.on('end', () => back.end())
    back.on('close', () => client.destroy())
    for (const socket of [client, back]) socket.on('error', () => socket.destroy())
  })
  await new Promise<void>((done) => line.listen(0, '127.0.0.1', done))
  const address = new URL(url)
  address.hostname = '127.0.0.1'
  address.port = String((line.address() as AddressInfo).port)
  return {
    url: address.href,
    cutAtNextAnswer() {
      armed = true
    },
    loseAllSilently() {
      for (const client of clients) client.destroy()
      clients.clear()
    },
    cuts: () => cuts,
    close() {
      for (const socket of [...clients, ...backs]) socket.destroy()
      line.close()
    },
  }
}
