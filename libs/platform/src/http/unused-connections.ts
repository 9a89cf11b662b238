import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import type { FastifyInstance } from 'fastify'

/**
 * Browsers and clients open connections ahead. One on which nothing was ever sent counts as busy with Node for a minute,
 * and a server that stops would wait for it: it is ended instead.
 */
export function endUnusedConnectionsAtEnd(app: NestFastifyApplication): void {
  const connections = new Set<Socket>()
  const server: Server = app.getHttpServer()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.on('close', () => connections.delete(socket))
  })
  const fastify = app.getHttpAdapter().getInstance() as unknown as FastifyInstance
  fastify.addHook('preClose', async () => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  })
}
