import type { Known } from '#domain/known'
import { orderLine, partnerRegistered, salesOrderPlaced } from '#test/support/facts'
import { given, type World } from '#test/support/given'
import { market } from '#test/support/sales'
import { salesOrders } from '../state.js'
import { type Ordered, placeSalesOrder } from './place-sales-order.js'

const place =
  (ordered: Partial<Ordered> = {}) =>
  (world: World) => {
    const whole = { salesOrder: 'SO-2', customer: 'METALCO', lines: [orderLine()], ...ordered }
    return placeSalesOrder(whole, world.find(salesOrders, whole.salesOrder), world satisfies Known)
  }

describe('placing a sales order', () => {
  it('records what the customer asks for, line by line', () => {
    given(...market)
      .when(place({ reference: 'PO 7714' }))
      .thenRecorded({
        type: 'SalesOrderPlaced',
        data: { salesOrder: 'SO-2', customer: 'METALCO', reference: 'PO 7714', lines: [{ line: 1, kg: 20_000 }] },
      })
  })

  it('is refused under a number that is taken', () => {
    given(...market, salesOrderPlaced({ salesOrder: 'SO-2' }))
      .when(place())
      .thenRefused('sales-order-number-used', { salesOrder: 'SO-2', customer: 'METALCO' })
  })

  it('is refused for a partner who is no customer', () => {
    given(...market, partnerRegistered({ partner: 'AZAL' }))
      .when(place({ customer: 'AZAL' }))
      .thenRefused('partner-not-customer', { partner: 'AZAL', roles: ['owner', 'supplier'] })
  })

  it('names an unknown customer, unknown alloys and tempers, and double line numbers all at once', () => {
    const { specification } = orderLine()
    given(...market)
      .when(
        place({
          customer: 'NOBODY',
          lines: [
            orderLine({ specification: { ...specification, alloy: 'EN AW-9999' } }),
            orderLine({ specification: { ...specification, temper: 'H18' } }),
          ],
        }),
      )
      .thenRefusedBy('unknown-partner', 'unknown-alloy', 'unknown-temper', 'line-numbered-twice')
  })
})
