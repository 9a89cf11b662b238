/** The servers that the product stands on, killed; they come back with what they had acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Strike } from './strike.js'

export const killKafka: Strike = async ({ plant }, chance) => {
  const ms = chance.int(0, 4_000)
  plant.kafka.kill()
  await sleep(ms)
  await plant.kafka.restart()
  return `Kafka killed, and started again after ${ms} ms`
}

export const killPostgres: Strike = async ({ plant }) => {
  await plant.killPostgres()
  return 'PostgreSQL killed with all its backends'
}

/** Where PostgreSQL has the events, it is PostgreSQL. */
export const killEventStore: Strike = async (struck, chance) => {
  const server = struck.plant.kurrentdb
  if (!server) return killPostgres(struck, chance)
  const ms = chance.int(0, 3_000)
  await server.end('SIGKILL')
  await sleep(ms)
  await server.begin()
  return `the event store killed, and started again after ${ms} ms`
}
