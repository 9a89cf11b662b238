import type { KafkaSettings } from '#event-feed/kafka/kafka-client'
import { type Config, kafkaSettings } from '#platform/config'

export interface RelaySettings extends KafkaSettings {
  /** Of a topic that the relay makes. */
  readonly partitions: number
  readonly retentionDays: number
}

/** @throws Error in words if there is no Kafka to publish to */
export function relaySettings(config: Config): RelaySettings {
  const kafka = kafkaSettings(config)
  if (!kafka) {
    throw new Error('KAFKA_BROKERS is not set: tell the relay, as host:port, the brokers that it shall publish to.')
  }
  return { ...kafka, partitions: config.KAFKA_PARTITIONS, retentionDays: config.KAFKA_RETENTION_DAYS }
}
