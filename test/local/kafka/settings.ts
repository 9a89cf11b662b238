/** Of a single broker that is its own controller, for one person's work and for tests. */

export interface Ports {
  readonly broker: number
  readonly controller: number
  readonly lines?: readonly Line[]
  readonly secured?: Secured
}

/** A way to the broker through something that listens at another port, where the broker's clients must stay. */
export interface Line {
  readonly listens: number
  readonly advertised: number
}

/** A way to the broker by TLS, for who signs in by SCRAM-SHA-512. Certificate and key are PEM. */
export interface Secured {
  readonly listens: number
  readonly certificate: string
  readonly key: string
  readonly username: string
  readonly password: string
}

/** The text of server.properties. Paths are relative to the folder, where the broker is started. */
export function settings({ broker, controller, lines = [], secured }: Ports): string {
  // A broker tells its clients where to go on, by the listener that they came to first.
  const listeners = lines.map(({ listens }, i) => `LINE${i}://127.0.0.1:${listens}`)
  const advertised = lines.map((line, i) => `LINE${i}://127.0.0.1:${line.advertised}`)
  const protocols = lines.map((_, i) => `LINE${i}:PLAINTEXT`)
  if (secured) {
    listeners.push(`SECURED://127.0.0.1:${secured.listens}`)
    advertised.push(`SECURED://127.0.0.1:${secured.listens}`)
    protocols.push('SECURED:SASL_SSL')
  }
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controller}`,
    listeners: [`PLAINTEXT://127.0.0.1:${broker}`, `CONTROLLER://127.0.0.1:${controller}`, ...listeners].join(),
    'advertised.listeners': [`PLAINTEXT://127.0.0.1:${broker}`, ...advertised].join(),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': ['PLAINTEXT:PLAINTEXT', 'CONTROLLER:PLAINTEXT', ...protocols].join(),
    ...(secured && SECURED),
    'log.dirs': 'data',
    'auto.create.topics.enable': false,
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 4,
    // A group of one test is complete as soon as its first consumer is there.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1_000,
    // A broker that comes back after SIGKILL is let in when the session of its former life is over.
    'broker.heartbeat.interval.ms': 500,
    'broker.session.timeout.ms': 3_000,
    // What was deleted stays so after SIGKILL.
    'log.flush.start.offset.checkpoint.interval.ms': 1_000,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    // 128 MB of the heap otherwise.
    'log.cleaner.dedupe.buffer.size': 16 * 1024 * 1024,
  }
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

const SECURED = {
  'sasl.enabled.mechanisms': 'SCRAM-SHA-512',
  'listener.name.secured.scram-sha-512.sasl.jaas.config':
    'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  'listener.name.secured.ssl.keystore.type': 'PEM',
  'listener.name.secured.ssl.keystore.location': 'secured.pem',
}
