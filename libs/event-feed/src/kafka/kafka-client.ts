/** The one way that a client of Kafka is made: who we are, how long we wait, and where its log goes. */
import { Kafka, type LogEntry, logLevel, type SASLOptions } from 'kafkajs'

export interface KafkaSettings {
  /** host:port, one at least. */
  readonly brokers: readonly string[]
  readonly topic: string
  readonly tls: boolean
  /** SCRAM-SHA-512; without it nobody signs in. */
  readonly username?: string
  readonly password?: string
}

/** Who hears what the client has to say. */
export interface KafkaLog {
  warn(sentence: string): void
  debug(sentence: string): void
}

export function makeKafka({ brokers, tls, username, password }: KafkaSettings, clientId: string, log: KafkaLog): Kafka {
  const sasl: SASLOptions | undefined =
    username === undefined ? undefined : { mechanism: 'scram-sha-512', username, password: password ?? '' }
  return new Kafka({
    clientId,
    brokers: [...brokers],
    ssl: tls,
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

/** What the client calls an error it mostly mends by itself a moment later; what it cannot mend it throws to us. */
function say({ namespace, log: { message, error } }: LogEntry, log: KafkaLog): void {
  log.debug(`${namespace}: ${message}${error ? ` (${String(error)})` : ''}`)
}
