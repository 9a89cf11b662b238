/** The two who agree on what one person may not decide, by name. */
export interface Approved {
  readonly requestedBy: string
  readonly approvedBy: string
}

/** What a decision may know besides the history it reads: no decision asks a clock or a random number itself. */
export interface Given {
  readonly now: Date
  /** When it happened in the plant, as told; ISO 8601, UTC. */
  readonly occurredAt: string
  /** Name of the person or machine that acts. */
  readonly actor: string
  readonly commandId: string
  /** Of a decision that a second person approves. */
  readonly approved?: Approved
}
