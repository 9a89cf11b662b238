import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance } from 'fastify'

const LOOK_AGAIN_MS = 250

/**
 * Browsers and clients open connections ahead. One on which nothing was ever sent counts as busy with Node for a minute,
 * and one that becomes idle only while the server stops is kept alive for longer: a server that stops would wait for
 * both. They are ended instead, as soon as nobody waits for an answer on them.
 */
export function endUnusedConnectionsAtEnd(app: NestFastifyApplication): void {
  const connections = new Set<Socket>()
  const server: Server = app.getHttpServer()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  const endUnused = () => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
    server.closeIdleConnections()
  }
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance
  fastify.addHook('preClose', async () => {
    endUnused()
    const again = setInterval(endUnused, LOOK_AGAIN_MS)
    again.unref()
    server.once('close', () => clearInterval(again))
  })
}
