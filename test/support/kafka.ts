/** A real Kafka for specs: that of KAFKA_BROKERS, or one that the Jest run starts when a spec first asks for it. */
import { randomBytes } from 'node:crypto'
import { notRun } from './not-run.js'

/** Brokers as in KAFKA_BROKERS, or why there are none on this machine. */
export type KafkaAnswer = { readonly brokers: string } | { readonly why: string }

/** The same Kafka for all specs of the run: topics and groups need names of their own, by `ownName`. */
export async function testKafka(): Promise<KafkaAnswer> {
  if (process.env.KAFKA_BROKERS) return { brokers: process.env.KAFKA_BROKERS }
  const desk = process.env.COILTRAIL_TEST_KAFKA
  if (!desk) throw new Error('No Kafka for this run: specs need the globalSetup of jest.config.mjs')
  const response = await fetch(desk)
  return (await response.json()) as KafkaAnswer
}

/** A `describe` of specs that need Kafka: `await describeOnKafka(...)`. Where there is none, the run says so. */
export async function describeOnKafka(name: string, specs: (brokers: string) => void): Promise<void> {
  const kafka = await testKafka()
  describe(name, () => {
    if ('brokers' in kafka) return specs(kafka.brokers)
    notRun(name, kafka.why)
    it('is not tried here', () => expect(kafka).toHaveProperty('why'))
  })
}

/** For a topic or a group that no other spec and no other run has. */
export function ownName(name: string): string {
  return `${name}-${randomBytes(6).toString('hex')}`
}
