import 'reflect-metadata'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Module } from '@nestjs/common'
import { testApp } from '#test/support/app'

@Module({})
class NothingModule {}

describe('A process that stops', () => {
  it('does not wait for connections on which nothing was ever sent', async () => {
    const app = await testApp({ module: NothingModule })
    const { hostname, port } = new URL(app.url)
    const ahead = Array.from({ length: 3 }, () => connect(Number(port), hostname))
    await Promise.all(ahead.map((socket) => once(socket, 'connect')))
    // Its answer comes behind them: the server has taken all three.
    await app.http.get('/api/health/live', { as: null })
    const ended = Promise.all(ahead.map((socket) => once(socket, 'close')))
    const stopped = app.close().then(() => 'stopped')
    const late = new Promise((resolve) => setTimeout(resolve, 20_000, 'still waiting').unref())
    expect(await Promise.race([stopped, late])).toBe('stopped')
    await ended
  }, 90_000)
})
