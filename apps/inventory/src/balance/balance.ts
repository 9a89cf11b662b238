import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { MetalAccountRow } from './metal-accounts.js'

const kg = z.int()

const account = {
  receivedKg: kg,
  castKg: kg,
  adjustmentKg: kg.describe('weighed again or corrected: gains less losses of weighing'),
  producedKg: kg.describe('out of the owner’s and others’ coils'),
  returnedKg: kg,
  titleInKg: kg,
  onHandKg: kg.describe('counted from the coils, not from these books'),
  dispatchedKg: kg,
  processedKg: kg.describe('into other coils'),
  remeltedKg: kg.describe('into melts'),
  scrapKg: kg,
  lossKg: kg,
  differenceKg: kg.describe('what nobody can account for; booked, never hidden'),
  titleOutKg: kg,
  cameKg: kg.describe('received + cast + adjustment + produced + returned + title in'),
  wentKg: kg.describe('dispatched + processed + remelted + scrap + loss + difference + title out'),
  unbalancedKg: kg.describe('came - went - on hand: 0, or something is wrong'),
}

export const balanceAnswer = z.strictObject({
  owners: z.array(z.strictObject({ owner: z.string(), coilsOnHand: z.int(), ...account })),
  plant: z.strictObject({ coilsOnHand: z.int(), ...account, soldKg: kg.describe('dispatched - returned') }),
})

type Account = Record<keyof typeof account, number> & { owner: string; coilsOnHand: number }

const FLOWS = [
  'receivedKg',
  'castKg',
  'adjustmentKg',
  'producedKg',
  'returnedKg',
  'titleInKg',
  'dispatchedKg',
  'processedKg',
  'remeltedKg',
  'scrapKg',
  'lossKg',
  'differenceKg',
  'titleOutKg',
] as const satisfies readonly (keyof MetalAccountRow)[]
const CAME = ['receivedKg', 'castKg', 'adjustmentKg', 'producedKg', 'returnedKg', 'titleInKg'] as const
const WENT = ['dispatchedKg', 'processedKg', 'remeltedKg', 'scrapKg', 'lossKg', 'differenceKg', 'titleOutKg'] as const

@Injectable()
export class Balance {
  constructor(@InjectReader('inventory') private readonly reader: Reader) {}

  async books() {
    const flows = FLOWS.map((flow) => `coalesce(a."${flow}", 0)::float8 AS "${flow}"`).join(', ')
    // One statement: flows and stock are of the same moment.
    const rows = await this.reader.query<Account[]>(
      `SELECT "owner", ${flows}, coalesce(n."coils", 0)::float8 AS "coilsOnHand", coalesce(n."kg", 0)::float8 AS "onHandKg"
       FROM metal_accounts a
       FULL JOIN (SELECT "owner", count(*) AS "coils", sum("netWeightKg") AS "kg" FROM coils WHERE "onHand"
                  GROUP BY "owner") n USING ("owner")
       ORDER BY "owner"`,
    )
    const owners = rows.map((row) => ({ ...row, ...sums(row) }))
    const plant = Object.fromEntries(
      [...FLOWS, 'coilsOnHand', 'onHandKg'].map((name) => [
        name,
        rows.reduce((sum, row) => sum + row[name as 'onHandKg'], 0),
      ]),
    ) as unknown as Account
    return { owners, plant: { ...plant, ...sums(plant), soldKg: plant.dispatchedKg - plant.returnedKg } }
  }
}

function sums(account: Account) {
  const cameKg = CAME.reduce((sum, flow) => sum + account[flow], 0)
  const wentKg = WENT.reduce((sum, flow) => sum + account[flow], 0)
  return { cameKg, wentKg, unbalancedKg: cameKg - wentKg - account.onHandKg }
}
