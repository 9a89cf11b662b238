/** The two profiles that the product runs in: what it does for people is the same in both, and so are its specs. */
import { testKafka } from './kafka.js'
import { notRun } from './not-run.js'

export type Profile = { readonly name: 'standalone' } | { readonly name: 'distributed'; readonly brokers: string }

/** A `describe` for each profile: `await describeInProfiles('Sales', (profile) => { ... })`. */
export async function describeInProfiles(name: string, specs: (profile: Profile) => void): Promise<void> {
  describe(name, () => specs({ name: 'standalone' }))
  const kafka = await testKafka()
  const distributed = `${name}, distributed`
  if ('brokers' in kafka) describe(distributed, () => specs({ name: 'distributed', brokers: kafka.brokers }))
  else notRun(distributed, kafka.why)
}
