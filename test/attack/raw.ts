import { connect, type Socket } from 'node:net'

/** What comes back for these very bytes; no client library tidies them up. Ends when the other side does, or after a while. */
export function sendRaw(url: string, bytes: string | Buffer, patienceMs = 10_000): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = dial(url)
    const done = () => {
      clearTimeout(late)
      socket.destroy()
      resolve(heard)
    }
    const late = setTimeout(done, patienceMs)
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', done)
    socket.on('close', done)
    socket.write(bytes)
  })
}

export function dial(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect(Number(port), hostname)
}

/** The status of the first answer; 0 when there was none, and the line was cut. */
export const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0)
