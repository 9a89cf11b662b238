import type { StreamKind } from './streams.js'

/** What is known of many things, looked up while deciding. Undefined where there is no such thing. */
export interface Known {
  find<State>(kind: StreamKind<State>, id: string): State | undefined
}
