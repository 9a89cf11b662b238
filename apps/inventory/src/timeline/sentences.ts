import type { PlantFact } from '#domain/events'

type DataOf<Type extends PlantFact['type']> = Extract<PlantFact, { type: Type }>['data']

/** A sentence for every one of these types of fact. */
export type Sentences<Types extends PlantFact['type']> = { readonly [Type in Types]: (data: DataOf<Type>) => string }
