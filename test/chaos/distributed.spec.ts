import { describeOnKafka } from '../support/kafka.js'
import { surviveDistributedChaos } from './distributed/chaos.js'

await describeOnKafka(
  'A distributed plant whose processes, servers and network are struck in the middle of its work',
  () => {
    it('loses nothing, applies nothing twice, keeps the order of every coil, and is well again', async () => {
      // Every run is struck alike, as far as time allows; `npm run chaos` strikes as it has not yet.
      const chaos = { seed: 7, points: 8 }
      const said: string[] = []
      try {
        const { breaches, repeated } = await surviveDistributedChaos({
          ...chaos,
          say: (sentence) => said.push(sentence),
        })
        expect(Object.entries(breaches).filter(([, faults]) => faults.length > 0)).toEqual([])
        // A relay was killed between sending and writing down that it had.
        expect(repeated).toBeGreaterThan(0)
      } catch (error) {
        const again = `npm run chaos -- --distributed --seed ${chaos.seed} --points ${chaos.points}`
        throw new Error(`${(error as Error).message}\nTo see it again: ${again}\n${said.join('\n')}`, { cause: error })
      }
    }, 600_000)
  },
)
