import type { PlantFact } from '../../events.js'
import type { Requested } from '../state.js'

/** A shift, a weekend and a holiday: whoever has not looked by then has forgotten it, and the plant has moved on. */
const DAYS_OPEN = 7
const DAY_MS = 86_400_000

/** Asks for a second person; open for seven days. */
export function requestApproval(asked: Omit<Requested, 'until'>, now: Date): PlantFact {
  const until = new Date(now.getTime() + DAYS_OPEN * DAY_MS).toISOString()
  return { type: 'ApprovalRequested', data: { ...asked, until } }
}
