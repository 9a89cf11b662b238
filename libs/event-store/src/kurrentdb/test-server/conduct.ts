/** How the test server is to behave, and what each call passes before it is looked at. */
import type { Metadata } from '@grpc/grpc-js'
import type { Endpoint } from './refusals.js'

export class Conduct {
  /** Where the leader is, if this server is a follower; null where it knows of none. */
  leader: Endpoint | null | undefined
  /** Another node that follows this one, for gossip. */
  follower: Endpoint | undefined
  /** A user and password, `user:password`, without which nothing is answered. */
  credentials: string | undefined
  /** The next append is recorded and then not answered, because the server has gone. */
  goAwayAfterRecording: (() => void) | undefined
  /** How many events subscriptions have looked at, ours and those passed over. */
  considered = 0
  #stalled: Promise<void> | undefined
  #resume = () => {}

  /** Takes calls and answers none, until `resume`. */
  stall(): void {
    this.#stalled = new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#stalled = undefined
    this.#resume()
  }

  async awake(): Promise<void> {
    await this.#stalled
  }

  allows(metadata: Metadata): boolean {
    if (this.credentials === undefined) return true
    const given = String(metadata.get('authorization')[0] ?? '')
    return given === `Basic ${Buffer.from(this.credentials).toString('base64')}`
  }
}
