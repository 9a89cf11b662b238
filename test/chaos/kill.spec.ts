import { surviveChaos } from './chaos.js'

describe('A plant whose product and PostgreSQL are killed in the middle of its work', () => {
  it('loses nothing that was acknowledged, does nothing twice, and its books balance', async () => {
    const chaos = { seed: Date.now() % 1_000_000, points: 4, coils: 24 }
    const said: string[] = []
    try {
      const { faults, retries } = await surviveChaos({ ...chaos, say: (sentence) => said.push(sentence) })
      expect(faults).toEqual([])
      expect(retries).toBeGreaterThan(0)
    } catch (error) {
      const again = `npm run chaos -- --seed ${chaos.seed} --points ${chaos.points} --coils ${chaos.coils}`
      throw new Error(`${(error as Error).message}\nTo see it again: ${again}\n${said.join('\n')}`, { cause: error })
    }
  }, 600_000)
})
