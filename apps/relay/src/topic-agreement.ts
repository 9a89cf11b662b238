/** What must hold of the topic and the event store before, and while, anything is published. */
import { setTimeout } from 'node:timers/promises'
import type { Logger } from '@nestjs/common'
import type { Admin } from 'kafkajs'
import type { EventFeed } from '#event-feed/event-feed'
import type { Position } from '#event-store/event-store'
import type { RelaySettings } from './relay-settings.js'
import type { RightToPublish } from './right-to-publish.js'
import { findTopic, makeTopic } from './topic.js'
import { type FoundTopic, faultsOf, hasLostEvents, RefusedError, warningsOf } from './topic-contract.js'

export interface AgreementParts {
  readonly settings: RelaySettings
  readonly feed: EventFeed
  readonly logger: Pick<Logger, 'log' | 'warn'>
}

export class TopicAgreement {
  private readonly warned = new Set<string>()

  constructor(private readonly on: AgreementParts) {}

  /** The topic, made if there is none; the right goes back to the start if the topic has lost events. @throws RefusedError */
  async reach(admin: Admin, right: RightToPublish): Promise<FoundTopic> {
    const { settings, logger } = this.on
    const { checkpoint } = right
    let topic = await findTopic(admin, settings.topic)
    if (!topic) {
      const partitions = checkpoint.partitions ?? settings.partitions
      topic = await makeTopic(admin, { ...settings, partitions })
      logger.log(`Made topic ${settings.topic} with ${partitions} partitions`)
    }
    await this.mustHold(topic, right)
    this.warnOnce(topic)
    if (hasLostEvents(topic, checkpoint.offsets)) {
      logger.warn(
        `Topic ${settings.topic} has lost events that it had acknowledged, or was made anew: ` +
          `publishes all ${checkpoint.events} again from the beginning`,
      )
      await right.goBackToStart()
    }
    await right.rememberPartitions(topic.partitions)
    return topic
  }

  /** While events are published. @throws RefusedError, or an Error when the agreement is to be reached anew */
  async check(admin: Admin, right: RightToPublish): Promise<void> {
    // Before the look at the topic: what is acknowledged meanwhile may be missing there.
    const acknowledged = right.checkpoint.offsets
    const topic = await findTopic(admin, this.on.settings.topic)
    if (!topic || hasLostEvents(topic, acknowledged)) throw new Error(`topic ${this.on.settings.topic} was made anew`)
    await this.mustHold(topic, right)
  }

  private async mustHold(topic: FoundTopic, right: RightToPublish): Promise<void> {
    const { position, partitions } = right.checkpoint
    const faults = faultsOf(topic, partitions)
    const head = await this.headBehind(position)
    if (head < position) {
      faults.push(
        `The event store ends at position ${head}, but topic ${topic.name} was published to up to ${position}: ` +
          'it is another store or an older copy; bring back the right one, or set KAFKA_TOPIC to a new name.',
      )
    }
    if (faults.length > 0) throw new RefusedError(faults.join(' '))
  }

  /** A follower of a cluster may hear of the last events a moment later than we did. */
  private async headBehind(position: Position): Promise<Position> {
    for (let patience = 10; ; patience--) {
      const head = await this.on.feed.head()
      if (head >= position || patience === 0) return head
      await setTimeout(200)
    }
  }

  private warnOnce(topic: FoundTopic): void {
    for (const warning of warningsOf(topic)) {
      if (!this.warned.has(warning)) this.on.logger.warn(warning)
      this.warned.add(warning)
    }
  }
}
