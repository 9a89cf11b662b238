import { Injectable } from '@nestjs/common'
import type { z } from 'zod'
import { coilStream } from '#domain/streams'
import { InjectReader, Reader } from '#platform/read-model/reader'
import type { EdgeRow } from '../genealogy/edges.js'
import { Genealogy } from '../genealogy/genealogy.js'
import { HiddenRelatives } from '../genealogy/hidden-relatives.js'
import { meltShares } from '../genealogy/proportions.js'
import { unknown } from '../http/query.js'
import { Melts } from '../melts/melts.js'
import { asStockCoil, STOCK_COIL_COLUMNS, type StockCoilRow, selectStockCoil } from '../stock/stock-coil.js'
import { Timeline } from '../timeline/timeline.js'
import type { CoilRow } from './coil-row.js'
import type { passport } from './passport.schema.js'
import { weighingsIn } from './weighings.js'

const MORE_COLUMNS = [
  'onHand',
  'reservation',
  'mandate',
  'soldAt',
  'weighedBy',
  'melts',
  'grade',
  'announcedAt',
  'initialWeightKg',
  'adjustmentKg',
  'returnedKg',
  'processedKg',
  'remeltedKg',
  'scrapKg',
  'lossKg',
  'differenceKg',
  'dispatchedKg',
] as const

type Passport = z.output<typeof passport>

@Injectable()
export class Passports {
  constructor(
    @InjectReader('inventory') private readonly reader: Reader,
    private readonly genealogy: Genealogy,
    private readonly hidden: HiddenRelatives,
    private readonly melts: Melts,
    private readonly timeline: Timeline,
  ) {}

  async of(number: string): Promise<Passport> {
    const coil = await this.row(number)
    const id = coilStream(number)
    const [timeline, parents, children, chemistry] = await Promise.all([
      this.timeline.of(id, coil.revision),
      this.edges(`"target" = $1 AND "source" LIKE 'coil-%'`, id),
      this.edges(`"source" = $1 AND "target" LIKE 'coil-%'`, id),
      this.chemistry(coil),
    ])
    const { onHand, reservation, mandate, soldAt, weighedBy } = coil
    return {
      ...asStockCoil(picked(coil)),
      onHand,
      where: whereabouts(coil),
      reservation,
      mandate,
      soldAt: soldAt as unknown as Passport['soldAt'],
      weighedBy,
      weighings: weighingsIn(timeline),
      chemistry,
      mothers: parents.map((edge) => ({ ...relative(edge), coil: edge.source.slice('coil-'.length) })),
      children: children.map((edge) => ({ ...relative(edge), coil: edge.target.slice('coil-'.length) })),
      books: booksOf(coil),
      timeline,
    }
  }

  /** @throws Problem 404 */
  async row(number: string): Promise<CoilRow> {
    const more = MORE_COLUMNS.map((column) => `"${column}"`).join(', ')
    const [coil] = await this.reader.query<CoilRow[]>(
      `SELECT ${selectStockCoil}, ${more} FROM coils WHERE "coil" = $1`,
      [number],
    )
    if (!coil) throw unknown('coil', number)
    return coil
  }

  private edges(condition: string, id: string): Promise<EdgeRow[]> {
    return this.reader.query(`SELECT * FROM edges WHERE ${condition} ORDER BY "source", "target"`, [id])
  }

  private async chemistry(coil: CoilRow): Promise<Passport['chemistry']> {
    const id = coilStream(coil.coil)
    const { edges, depths } = await this.genealogy.walk(id, 'ancestors', { stopAtMelts: true })
    const hidden = await this.hidden.of(depths.keys())
    // Where a part came by the metal of others, nobody can say from here what part.
    const shares = [...hidden.values()].some(({ ancestors }) => ancestors > 0) ? new Map() : meltShares(id, edges)
    const [melts, limits] = await Promise.all([this.melts.byNumber(coil.castNumbers), this.melts.limitsOf(coil.alloy)])
    const known = new Map(melts.map((melt) => [melt.castNumber, melt]))
    const parts = coil.castNumbers.map((castNumber) => {
      const melt = known.get(castNumber)
      const share = shares.get(`melt-${castNumber}`) ?? (coil.castNumbers.length === 1 ? 1 : undefined)
      return {
        castNumber,
        percent: share === undefined ? null : rounded(share * 100, 3),
        alloy: melt?.alloy ?? null,
        origin: melt?.origin ?? null,
        analysis: melt?.analyses.at(-1) ?? null,
      }
    })
    return { alloy: coil.alloy, limits, melts: parts as Passport['chemistry']['melts'], elements: mixed(parts) }
  }
}

/** By weight. An element that one analysis leaves out is not known of the mixture. */
function mixed(
  melts: readonly { percent: number | null; analysis: { elements: Readonly<Record<string, number>> } | null }[],
): Record<string, number> | null {
  if (melts.length === 0 || melts.some(({ percent, analysis }) => percent === null || analysis === null)) return null
  const elements: Record<string, number> = {}
  for (const element of Object.keys(melts[0]!.analysis!.elements)) {
    const values = melts.map(({ analysis }) => analysis!.elements[element])
    if (values.some((value) => value === undefined)) continue
    const sum = melts.reduce((total, { percent }, n) => total + (percent! / 100) * values[n]!, 0)
    elements[element] = rounded(sum, 5)
  }
  return elements
}

const picked = (coil: CoilRow) =>
  Object.fromEntries(STOCK_COIL_COLUMNS.map((column) => [column, coil[column]])) as unknown as StockCoilRow

const rounded = (value: number, digits: number) => Number(value.toFixed(digits))

const relative = ({ kg, step, order }: EdgeRow) => ({ kg, step, order })

function booksOf(coil: CoilRow): Passport['books'] {
  const {
    initialWeightKg,
    adjustmentKg,
    returnedKg,
    processedKg,
    remeltedKg,
    scrapKg,
    lossKg,
    differenceKg,
    dispatchedKg,
  } = coil
  const onHandKg = coil.onHand ? coil.netWeightKg : 0
  const cameKg = initialWeightKg + adjustmentKg + returnedKg
  const wentKg = processedKg + remeltedKg + scrapKg + lossKg + differenceKg + dispatchedKg + onHandKg
  return {
    initialKg: initialWeightKg,
    adjustmentKg,
    returnedKg,
    processedKg,
    remeltedKg,
    scrapKg,
    lossKg,
    differenceKg,
    dispatchedKg,
    onHandKg,
    unaccountedKg: cameKg - wentKg,
  }
}

function whereabouts(coil: CoilRow): string {
  if (coil.location && coil.physical === 'in-stock') return `in ${coil.location}`
  if (coil.location && coil.physical === 'packed') return `in ${coil.location}, in pack ${coil.pack}`
  if (coil.physical === 'in-process') return `on ${coil.processLine} (${coil.processStep}, order ${coil.processOrder})`
  if (coil.physical === 'expected') return `expected from ${coil.supplier ?? coil.holder}`
  if (coil.physical === 'consumed')
    return `used up on ${coil.processLine} (${coil.processStep}, order ${coil.processOrder})`
  if (coil.physical === 'scrapped') return 'scrapped'
  return `${coil.physical === 'delivered' ? 'delivered to' : 'on its way to'} ${coil.customer} with delivery note ${coil.deliveryNote}`
}
