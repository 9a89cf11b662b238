/** One client's stream of Server-Sent Events: written as fast as it reads, and ended if it does not. */
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import type { Told } from '../timeline/own-history.js'
import { messageOf } from './change.js'

const HEARTBEAT_MS = 15_000
/** A client that has not read what was sent for so long is disconnected; it can go on where it was. */
const PATIENCE_MS = 10_000
const MESSAGES_AT_ONCE = 200

export class EventStream {
  private readonly over = new AbortController()
  private readonly response: ServerResponse
  private readonly heartbeat: NodeJS.Timeout
  /** Aborts when the client is gone, or the server has an end to it. */
  readonly ended: AbortSignal

  /** @param enough aborts when the server ends it: it stops, or whoever listens may not any more */
  constructor(reply: FastifyReply, enough: AbortSignal) {
    this.response = reply.raw
    this.ended = AbortSignal.any([this.over.signal, enough])
    this.response.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // Once it ends there is nothing to keep the connection for; a process that stops would wait for it.
      connection: 'close',
      // A proxy must not gather messages.
      'x-accel-buffering': 'no',
    })
    this.response.on('close', () => this.over.abort())
    this.response.on('error', () => this.over.abort())
    // Who left while the query waited will not leave again: no event tells of it.
    if (this.response.destroyed) this.over.abort()
    this.response.write('retry: 2000\n\n')
    this.heartbeat = setInterval(() => {
      // While earlier messages wait there is no need for one more.
      if (!this.response.writableNeedDrain) this.response.write(': still here\n\n')
    }, HEARTBEAT_MS)
  }

  async send(events: readonly Told[]): Promise<void> {
    for (let n = 0; n < events.length && !this.ended.aborted; n += MESSAGES_AT_ONCE) {
      const messages = events.slice(n, n + MESSAGES_AT_ONCE).map(messageOf)
      if (!this.response.write(messages.join(''))) await this.drained()
    }
  }

  end(): void {
    clearInterval(this.heartbeat)
    this.over.abort()
    this.response.end()
  }

  private drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late)
        this.response.off('drain', done)
        this.ended.removeEventListener('abort', done)
        resolve()
      }
      const late = setTimeout(() => {
        this.response.destroy()
        done()
      }, PATIENCE_MS)
      this.response.on('drain', done)
      this.ended.addEventListener('abort', done)
    })
  }
}
