import type { Coil } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import { Refused, refuse, unknownThing } from '../../refusal.js'
import type { DeliveryNote, SalesOrder } from '../state.js'

/** Coils that left with the note and are still under way. */
export const coilsUnderWay = (order: SalesOrder, deliveryNote: string): string[] =>
  [...order.coils.values()]
    .filter((coil) => coil.deliveryNote === deliveryNote && coil.stage === 'dispatched')
    .map(({ coil }) => coil)

/** The customer has them: all that left with the note, but what was returned before. The title passes with them. */
export function deliverGoods(
  order: SalesOrder,
  note: DeliveryNote | undefined,
  coils: readonly Coil[],
  deliveryNote: string,
): PlantFact[] {
  const { salesOrder, customer } = order
  if (note?.salesOrder !== salesOrder) throw new Refused([unknownThing('delivery-note', deliveryNote, '/deliveryNote')])
  if (coils.length === 0) {
    refuse(
      'nothing-under-way',
      `all that left with delivery note ${deliveryNote} was delivered or returned already`,
      { deliveryNote, salesOrder },
      '/deliveryNote',
    )
  }
  return [
    { type: 'GoodsDelivered', data: { salesOrder, deliveryNote, coils: coils.map(({ coil }) => coil) } },
    ...coils.flatMap(({ coil, owner }): PlantFact[] => [
      { type: 'CoilDelivered', data: { coil, salesOrder, deliveryNote } },
      {
        type: 'TitleTransferred',
        data: {
          coil,
          from: owner,
          to: customer,
          holder: customer,
          reason: `sold on order ${salesOrder}, delivered with ${deliveryNote}`,
        },
      },
    ]),
  ]
}
