import { packStream, type StreamKind } from '../streams.js'

/** Coils bundled on one skid. Which of them are still on it, each coil's own history says. */
export interface Pack {
  readonly pack: string
  readonly coils: readonly string[]
  readonly opened: boolean
}

export const packs: StreamKind<Pack> = {
  thing: 'pack',
  stream: packStream,
  evolve(pack, { type, data }) {
    switch (type) {
      case 'PackMade':
        return { pack: data.pack, coils: data.coils, opened: false }
      case 'PackOpened':
        return pack && { ...pack, opened: true }
      default:
        return pack
    }
  },
}
