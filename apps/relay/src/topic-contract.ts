/** What consumers may rely on, and which settings of a topic would break it. */
import { LIMITS } from '#event-store/draft'

export interface FoundTopic {
  readonly name: string
  readonly partitions: number
  /** Of the partition with the fewest. */
  readonly replicas: number
  /** As Kafka names and spells them. */
  readonly settings: ReadonlyMap<string, string>
  /** Partition -> offset of the next message there. */
  readonly ends: ReadonlyMap<number, bigint>
}

/** Somebody must change a setting before anything may be published. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

const DAY_MS = 24 * 60 * 60 * 1000
const LEAST_RETENTION_DAYS = 7
/** The largest event with its headers and Kafka's own bytes around it; also what Kafka takes unless told otherwise. */
export const LEAST_MESSAGE_BYTES = 1_048_588

/** Each a sentence with the setting, its value and what to do. */
export function faultsOf(topic: FoundTopic, partitionsAtFirst: number | undefined): string[] {
  const { name, partitions, settings } = topic
  const faults: string[] = []
  const of = (setting: string) => settings.get(setting) ?? ''
  if (partitionsAtFirst !== undefined && partitions !== partitionsAtFirst) {
    faults.push(
      `Topic ${name} has ${partitions} partitions and had ${partitionsAtFirst} when it was first published to, so that ` +
        'streams would change their partition and lose their order: ' +
        'set KAFKA_TOPIC to a new name, which will get all events from the beginning.',
    )
  }
  if (of('cleanup.policy').includes('compact')) {
    faults.push(
      `cleanup.policy of topic ${name} is ${of('cleanup.policy')}, so that Kafka would keep the last event of each ` +
        'stream only: set it to delete.',
    )
  }
  const retentionMs = Number(of('retention.ms'))
  if (retentionMs >= 0 && retentionMs < LEAST_RETENTION_DAYS * DAY_MS) {
    faults.push(
      `retention.ms of topic ${name} is ${retentionMs}, which is ${inDays(retentionMs)} and would lose unread events: ` +
        `set it to ${LEAST_RETENTION_DAYS * DAY_MS} (${LEAST_RETENTION_DAYS} days) or more, or to -1.`,
    )
  }
  if (Number(of('retention.bytes')) >= 0) {
    faults.push(
      `retention.bytes of topic ${name} is ${of('retention.bytes')}, which would lose unread events: set it to -1.`,
    )
  }
  if (Number(of('max.message.bytes')) < LEAST_MESSAGE_BYTES) {
    faults.push(
      `max.message.bytes of topic ${name} is ${of('max.message.bytes')}, and an event may have ${LIMITS.eventBytes} ` +
        `bytes beside its headers: set it to ${LEAST_MESSAGE_BYTES} or more.`,
    )
  }
  return faults
}

/** What works, but with less safety than one would expect. */
export function warningsOf({ name, replicas, settings }: FoundTopic): string[] {
  const warnings: string[] = []
  if (replicas >= 3 && Number(settings.get('min.insync.replicas')) < 2) {
    warnings.push(
      `min.insync.replicas of topic ${name} is 1 though it has ${replicas} replicas: an acknowledged event may be on ` +
        'one broker only; set it to 2.',
    )
  }
  if (settings.get('unclean.leader.election.enable') === 'true') {
    warnings.push(
      `unclean.leader.election.enable of topic ${name} is true: acknowledged events may be lost with a broker; ` +
        'set it to false.',
    )
  }
  return warnings
}

/** Whether events that brokers had acknowledged are gone from its end: it was deleted and made anew, or cut back. */
export function hasLostEvents({ ends }: FoundTopic, acknowledged: ReadonlyMap<number, bigint>): boolean {
  return [...acknowledged].some(([partition, offset]) => (ends.get(partition) ?? 0n) <= offset)
}

const inDays = (ms: number) => `${Number((ms / DAY_MS).toPrecision(2))} days`
