import { packingListStream, type StreamKind } from '../streams.js'

export interface PackingListState {
  readonly packingList: string
  /** Announced by it so far. */
  readonly coils: readonly string[]
}

export const packingLists: StreamKind<PackingListState> = {
  thing: 'packing-list',
  stream: packingListStream,
  evolve(list, fact) {
    if (fact.type !== 'PackingListAccepted') return list
    return { packingList: fact.data.packingList, coils: [...(list?.coils ?? []), ...fact.data.coils] }
  },
}
