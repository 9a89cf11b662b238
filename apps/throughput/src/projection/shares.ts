import { shareOut, sumKg } from '#domain/mass'
import type { ProcessingEvent } from '#domain/processing/events'

type Completed = Extract<ProcessingEvent, { type: 'ProcessOrderCompleted' }>['data']

/** One product of one owner in an order, and what of the order's mass is counted with it. */
export interface ProductShare {
  readonly owner: string
  readonly alloy: string
  readonly temper: string
  readonly form: string
  readonly coilsIn: number
  readonly coilsOut: number
  readonly kgIn: number
  readonly kgOut: number
  readonly scrapKg: number
  readonly lossKg: number
  readonly differenceKg: number
}

/**
 * Splits an order by owner and product made, so that sums over the parts are the order's to the kilogram.
 * Scrap, loss, difference and coils put in are shared out by what came out; of an order without
 * product (remelt, all scrap), by what went in.
 */
export function sharesOf({ inputs, outputs, melt, balance }: Completed): ProductShare[] {
  const products = outputs.filter((output) => !output.remnant)
  const groups = [
    ...Map.groupBy(products.length > 0 ? products : inputs, ({ owner, product: { alloy, temper, form } }) =>
      JSON.stringify([owner, alloy, temper, form]),
    ).values(),
  ]
  const weights = groups.map((group) => sumKg(group.map(({ kg }) => kg)))
  const kgOut = products.length > 0 ? weights : shareOut(melt?.kg ?? 0, weights)
  const scrapKg = shareOut(balance.scrapKg, weights)
  const lossKg = shareOut(balance.lossKg, weights)
  const differenceKg = shareOut(balance.differenceKg, weights)
  const coilsIn = shareOut(inputs.length, weights)
  return groups.map((group, i) => {
    const { owner, product } = group[0]!
    return {
      owner,
      alloy: product.alloy,
      temper: product.temper,
      form: product.form,
      coilsIn: coilsIn[i]!,
      coilsOut: products.length > 0 ? group.length : 0,
      kgIn: kgOut[i]! + scrapKg[i]! + lossKg[i]! + differenceKg[i]!,
      kgOut: kgOut[i]!,
      scrapKg: scrapKg[i]!,
      lossKg: lossKg[i]!,
      differenceKg: differenceKg[i]!,
    }
  })
}
