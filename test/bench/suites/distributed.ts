/** Events by way of Kafka, every app in a process of its own, beside the same without either. */
import type { Bench } from '../bench.js'
import { type Broker, openBroker } from '../broker.js'
import { OURS } from '../results.js'
import { startDeployments } from './distributed/deployments.js'
import { benchFollowing } from './distributed/following.js'
import { benchRelay } from './distributed/relay.js'
import { benchReplicas } from './distributed/replicas.js'
import { benchSeeing } from './distributed/seeing.js'

/** Some 180,000 events: more than the relay publishes in one round, and not more than apps read in seconds at start. */
const COILS = 20_000

export async function benchDistributed(bench: Bench): Promise<void> {
  let broker: Broker
  try {
    broker = await openBroker(bench)
  } catch (error) {
    bench.results.notRun.push({ what: 'distributed', who: OURS, why: (error as Error).message })
    return
  }
  const coils = Math.min(COILS, bench.options.coils)
  const plant = await bench.load(coils)
  await benchRelay(bench, broker, plant)
  await benchFollowing(bench, broker, plant)
  const deployments = await startDeployments(bench, broker, plant, await bench.load(coils))
  await benchSeeing(bench, deployments)
  await benchReplicas(bench, deployments)
  await deployments.stop()
}
