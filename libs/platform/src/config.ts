/** What can be set from outside, all of it by environment variables, read once at start. */
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { KafkaSettings } from '#event-feed/kafka/kafka-client'
import { providerContradictions, providerSchema } from './provider-settings.js'

const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a PostgreSQL address: postgres://user:password@host/database',
})

export const configSchema = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('where Coiltrail answers HTTP; 0 takes any free port, and says which'),
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('0.0.0.0 lets other machines in; until then only this one can reach Coiltrail'),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be an address such as https://coiltrail.example' })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional()
    .describe('where browsers reach Coiltrail, if that is by a proxy; with https, its cookie goes by nothing else'),
  TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((proxy) => proxy.trim()))
    .pipe(
      z.array(
        z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
          error: 'must be IP addresses or networks (10.0.0.0/8)',
        }),
      ),
    )
    .optional()
    .describe('proxies that are believed when they tell for whom they ask; without it, all behind one count as one'),
  REQUESTS_PER_KEY: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000_000)
    .default(60_000)
    .describe('how many requests a key or a session may make in a minute'),
  REQUESTS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(10)
    .max(10_000_000)
    .default(240_000)
    .describe('how many requests may come from one IP address in a minute, whoever makes them'),
  DATABASE_URL: postgresUrl
    .optional()
    .describe('your own PostgreSQL; without it Coiltrail starts one in COILTRAIL_DATA'),
  IDENTITY_DATABASE_URL: postgresUrl
    .optional()
    .describe('the PostgreSQL that all apps keep accounts and keys in, where each app has a database of its own'),
  EVENT_STORE_DATABASE_URL: postgresUrl
    .optional()
    .describe('the PostgreSQL that holds the events, if that is not DATABASE_URL'),
  KURRENTDB_URL: z
    .string()
    .regex(
      /^(kurrentdb|kdb|esdb)(\+discover)?:\/\/\S+$/,
      'must be an address of KurrentDB: kurrentdb://user:password@host:2113',
    )
    .optional()
    .describe(
      'the KurrentDB, 25.1 or later, that holds the events instead of PostgreSQL; TLS unless it says tls=false',
    ),
  KAFKA_BROKERS: z
    .string()
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .pipe(
      z.array(z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port, several of them with commas between')).min(1),
    )
    .optional()
    .describe(
      'the Kafka that events come by, written there by the relay; without it read models follow the event store',
    ),
  KAFKA_TOPIC: z
    .string()
    .regex(/^[\w.-]{1,200}$/, 'has letters, digits, dots, _ and - only, at most 200')
    .default('coiltrail.events')
    .describe('the topic with all events'),
  KAFKA_PARTITIONS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(12)
    .describe('how many partitions the relay gives a topic that it makes; never to be changed afterwards'),
  KAFKA_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(7)
    .max(36_500)
    .default(30)
    .describe(
      'how long a topic that the relay makes keeps events for consumers that are away; ours find the rest in the event store',
    ),
  KAFKA_TLS: z.enum(['on', 'off']).default('off').describe('whether brokers are spoken to by TLS'),
  KAFKA_CA: z
    .string()
    .includes('-----BEGIN CERTIFICATE-----', { error: 'has no certificate (PEM) in it' })
    .optional()
    .describe('whose certificates of brokers are trusted, as PEM, if it is an authority of your own'),
  KAFKA_USERNAME: z.string().min(1).optional().describe('signs in to the brokers by SCRAM-SHA-512'),
  KAFKA_PASSWORD: z.string().min(1).optional().describe('that goes with it'),
  ...providerSchema,
  COILTRAIL_DATA: z
    .string()
    .min(1)
    .optional()
    .describe('folder that holds everything that is kept; .coiltrail where Coiltrail is started, unless told'),
  COILTRAIL_TOKENS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('first start makes a key for each role and writes them here, for programs; without it there are none'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'log', 'debug'])
    .default('log')
    .describe('the least that is worth a line: each shows itself and those before it'),
})

export type Config = z.output<typeof configSchema>

/** Each may be told by `<name>_FILE` instead, the path of a file with it: how containers are given their secrets. */
export const SECRETS = [
  'DATABASE_URL',
  'IDENTITY_DATABASE_URL',
  'EVENT_STORE_DATABASE_URL',
  'KURRENTDB_URL',
  'KAFKA_CA',
  'KAFKA_PASSWORD',
  'OIDC_CLIENT_SECRET',
] as const satisfies readonly (keyof Config)[]

/** Injection token of the `Config`. */
export const CONFIG = Symbol('CONFIG')

/** @throws Error that lists every variable at fault, in words. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is how shells and compose files say "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const faults = readSecrets(set)
  const { success, data, error } = configSchema.safeParse(set)
  if (!success) faults.push(...error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`))
  else faults.push(...contradictions(data))
  if (faults.length === 0) return data!
  throw new Error(`These settings are not right:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
}

/** Undefined where events do not come by Kafka. */
export function kafkaSettings(config: Config): KafkaSettings | undefined {
  const { KAFKA_BROKERS, KAFKA_TOPIC, KAFKA_TLS, KAFKA_CA, KAFKA_USERNAME, KAFKA_PASSWORD } = config
  if (!KAFKA_BROKERS) return undefined
  const signIn = { username: KAFKA_USERNAME, password: KAFKA_PASSWORD }
  return { brokers: KAFKA_BROKERS, topic: KAFKA_TOPIC, tls: KAFKA_TLS === 'on', authority: KAFKA_CA, ...signIn }
}

function readSecrets(set: Record<string, string | undefined>): string[] {
  return SECRETS.flatMap((name) => {
    const file = set[`${name}_FILE`]
    if (file === undefined) return []
    if (set[name] !== undefined) return [`${name}_FILE: ${name} is set as well; only one of them can count`]
    try {
      set[name] = readFileSync(file, 'utf8').trim()
      return []
    } catch (error) {
      return [`${name}_FILE: cannot be read: ${(error as Error).message}`]
    }
  })
}

function contradictions(config: Config): string[] {
  const faults: string[] = []
  if (config.KURRENTDB_URL && config.EVENT_STORE_DATABASE_URL) {
    faults.push('EVENT_STORE_DATABASE_URL: KURRENTDB_URL is set as well; events are in one of them')
  }
  if ((config.KAFKA_USERNAME === undefined) !== (config.KAFKA_PASSWORD === undefined)) {
    faults.push('KAFKA_USERNAME, KAFKA_PASSWORD: both or none')
  }
  return [...faults, ...providerContradictions(config)]
}
