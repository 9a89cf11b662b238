/** The one way that a client of Kafka is made: who we are, how long we wait, and where its log goes. */
import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs'

export interface KafkaSettings {
  /** host:port, one at least. */
  readonly brokers: readonly string[]
  readonly topic: string
  readonly tls: boolean
  /** Certificates of those to trust, as PEM; those that Node.js trusts if left out. */
  readonly authority?: string
  /** SCRAM-SHA-512; without it nobody signs in. */
  readonly username?: string
  readonly password?: string
}

/** Who hears what the client has to say. */
export interface KafkaLog {
  warn(sentence: string): void
  debug(sentence: string): void
}

export function makeKafka(settings: KafkaSettings, clientId: string, log: KafkaLog): Kafka {
  const { brokers, tls, authority, username, password } = settings
  const sasl: SASLOptions | undefined =
    username === undefined ? undefined : { mechanism: 'scram-sha-512', username, password: password ?? '' }
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: tls && authority !== undefined ? { ca: authority } : tls,
    ...(sasl && { sasl }),
    connectionTimeout: 3_000,
    // A broker that took a request and fell silent is found out after this.
    requestTimeout: 10_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => say(entry, log),
  })
}

/** Why Kafka does not answer, with the setting that may be wrong: brokers that want another one just hang up. */
export function reasonOf(error: unknown, { tls, username }: KafkaSettings): string {
  const { message, name, type } = error as Error & { readonly type?: string }
  if (message === 'Closed connection' && !(tls && username)) {
    const given = [!tls && 'KAFKA_TLS is off', !username && 'KAFKA_USERNAME is not set'].filter(Boolean)
    return `the brokers close the connection: perhaps they want what they are not given (${given.join(', ')})`
  }
  if (/before secure TLS connection was established|wrong version number/.test(message)) {
    return 'the brokers close the connection instead of answering by TLS: perhaps they have none (KAFKA_TLS is on)'
  }
  if (type === 'ILLEGAL_SASL_STATE') return 'the brokers let nobody sign in at that port (KAFKA_USERNAME is set)'
  if (/certificate/i.test(message)) return `${withoutAdvice(message)}: KAFKA_CA_FILE tells whom to trust`
  if (name === 'KafkaJSSASLAuthenticationError') return `${message}: KAFKA_USERNAME and KAFKA_PASSWORD`
  return message
}

/** Node's, for browsers' authorities. */
const withoutAdvice = (message: string) => message.replace(/; if the root CA is installed locally.*/s, '')

/** What the client calls an error it mostly mends by itself a moment later; what it cannot mend it throws to us. */
function say({ namespace, log: { message, error } }: LogEntry, log: KafkaLog): void {
  log.debug(`${namespace}: ${message}${error ? ` (${String(error)})` : ''}`)
}
