/**
 * A client as lean as can be, since it shares the machine with what it measures: one keep-alive connection for each
 * caller, requests written whole, answers read just far enough to know where they end.
 */
import { connect, type Socket } from 'node:net'

export interface Request {
  readonly method: 'GET' | 'POST'
  /** With the query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  /** JSON. */
  readonly body?: string
}

export class Connection {
  #answer: Buffer = Buffer.alloc(0)
  #waiting: { resolve: (body: string) => void; reject: (error: Error) => void; request: Request } | undefined

  private constructor(
    private readonly socket: Socket,
    private readonly host: string,
    private readonly token: string,
  ) {
    socket.setNoDelay(true)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('error', (error) => this.#waiting?.reject(error))
    socket.on('close', () => this.#waiting?.reject(new Error('the connection was closed')))
  }

  static open(url: string, token: string): Promise<Connection> {
    const { hostname, port, host } = new URL(url)
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => resolve(new Connection(socket, host, token)))
      socket.once('error', reject)
    })
  }

  /** The body of the answer; anything but a 2xx is an error that holds it. */
  ask(request: Request): Promise<string> {
    const { method, path, headers = {}, body } = request
    let head = `${method} ${path} HTTP/1.1\r\nhost: ${this.host}\r\nauthorization: Bearer ${this.token}\r\n`
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`
    if (body !== undefined) head += `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject, request }
      this.socket.write(`${head}\r\n${body ?? ''}`)
    })
  }

  close(): void {
    this.socket.destroy()
  }

  #read(chunk: Buffer): void {
    this.#answer = this.#answer.length === 0 ? chunk : Buffer.concat([this.#answer, chunk])
    const headEnd = this.#answer.indexOf('\r\n\r\n')
    if (headEnd < 0) return
    const head = this.#answer.toString('latin1', 0, headEnd)
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1]
    const bodyAt = headEnd + 4
    if (length !== undefined && this.#answer.length < bodyAt + Number(length)) return
    const { resolve, reject, request } = this.#waiting!
    const body = this.#answer.toString('utf8', bodyAt)
    this.#answer = Buffer.alloc(0)
    if (length === undefined) reject(new Error(`no content-length in the answer to ${request.path}: ${head}`))
    else if (head[9] !== '2') reject(new Error(`${request.method} ${request.path}: ${head.slice(9, 12)} ${body}`))
    else resolve(body)
  }
}
