import type { Announcement } from '../../coil/events.js'
import { coils } from '../../coil/state.js'
import type { PlantFact } from '../../events.js'
import type { Known } from '../../known.js'
import { requirePlausibleWeight, sumKg } from '../../mass.js'
import { plantDay, requireProduced } from '../../plant/day.js'
import type { PlantSettings } from '../../plant/events.js'
import { partners } from '../../plant/state.js'
import { requireGrossCoversNet, requireKnownMetal, requireProduct } from '../../product-rules.js'
import { Checks, type Fault, Refused } from '../../refusal.js'
import { isSame } from '../../same.js'
import type { Product } from '../../words.js'
import { columnOf, type RowFacts, shown } from '../columns.js'
import { MOST_FAULTS_KEPT, type RowFault } from '../events.js'
import type { ListHeader } from '../list-header.js'
import type { ListedRow, PackingList } from '../packing-list.js'

/** What became of a row, or would: announced now, announced before just so, or not good. */
export type RowResult = 'announced' | 'unchanged' | 'faulty'

export interface JudgedRow {
  readonly row: number
  readonly coil: string
  readonly result: RowResult
  readonly faults: readonly RowFault[]
  /** Of good rows. */
  readonly announcement?: Announcement
}

export interface Judgement {
  readonly rows: readonly JudgedRow[]
  /** Of the list as a whole: with any of them nothing can be announced. */
  readonly listFaults: readonly RowFault[]
}

export interface ListInPlant {
  /** Id made from the content. */
  readonly packingList: string
  readonly contentHash: string
  readonly list: PackingList
  readonly plant: PlantSettings
  readonly known: Known
  readonly now: Date
  /** Somebody has seen that weights do not fit their dimensions, and stands by them. */
  readonly confirmed: boolean
}

/** Judges every row by what the plant knows, and finds all faults at once. */
export function judgePackingList(given: ListInPlant): Judgement {
  const { list, plant, now } = given
  const today = plantDay(now, plant.timeZone)
  return {
    rows: list.rows.map((row) => judgeRow(row, given, today)),
    listFaults: [...list.faults, ...partnerFaults(given)],
  }
}

/** Announces the good rows that are new. Nothing when there is none. */
export function announceCoils({ list, packingList, contentHash }: ListInPlant, { rows }: Judgement): PlantFact[] {
  const announced = rows.flatMap((row) => (row.result === 'announced' ? [row.announcement!] : []))
  if (announced.length === 0) return []
  const { supplier, owner, ...header } = list.header
  return [
    {
      type: 'PackingListAccepted',
      data: {
        packingList,
        supplier: supplier!,
        owner: owner!,
        ...header,
        contentHash,
        coils: announced.map((one) => one.coil),
        kg: sumKg(announced.map((one) => one.netWeightKg)),
        unchanged: rows.filter((row) => row.result === 'unchanged').map((row) => row.coil),
        rowsLeftOut: rows.filter((row) => row.result === 'faulty').length,
        faults: rows.flatMap((row) => row.faults).slice(0, MOST_FAULTS_KEPT),
      },
    },
    ...announced.map((data): PlantFact => ({ type: 'CoilAnnounced', data })),
  ]
}

function partnerFaults({ list: { header }, known }: ListInPlant): RowFault[] {
  return (['supplier', 'owner'] as const).flatMap((role) => {
    const code = header[role]
    const fault = (rule: string, message: string) => [{ column: role, value: code ?? '', rule, message }]
    if (code === undefined) {
      return fault(
        `${role}-missing`,
        `say who the ${role} is: as ${role} with the file, or in a first line such as "# ${role}: AZAL"`,
      )
    }
    const partner = known.find(partners, code)
    if (!partner) return fault('unknown-partner', `there is no partner ${code}`)
    if (partner.roles.includes(role)) return []
    return fault(`partner-not-${role}`, `${code} is registered as ${partner.roles.join(', ')}, not as ${role}`)
  })
}

function judgeRow(listed: ListedRow, given: ListInPlant, today: string): JudgedRow {
  const { row, coil, facts } = listed
  if (!facts) return { row, coil, result: 'faulty', faults: listed.faults }
  const announcement = announcementOf(facts, given)
  const before = given.known.find(coils, coil)
  const faults = [
    ...listed.faults,
    ...ruleFaults(listed, facts, announcement.product, given, today),
    ...(before
      ? before.announcement
        ? differences(listed, announcement, before.announcement)
        : [fault(listed, 'coil', 'coil-number-used', `the number ${coil} was received or made here before`)]
      : []),
  ]
  if (faults.length > 0) return { row, coil, result: 'faulty', faults }
  return { row, coil, result: before ? 'unchanged' : 'announced', faults, announcement }
}

function announcementOf(facts: RowFacts, { packingList, list: { header } }: ListInPlant): Announcement {
  const { coil, castNumber, netWeightKg, grossWeightKg, producedOn, remarks, ...strip } = facts
  const { supplier = '', owner = '', agreement, deliveryNote } = header
  return {
    ...{ coil, packingList, supplier, owner, agreement, deliveryNote, castNumber },
    product: { form: 'coil', ...strip },
    ...{ netWeightKg, grossWeightKg, producedOn, remarks },
  }
}

function ruleFaults(
  listed: ListedRow,
  facts: RowFacts,
  product: Product,
  { known, confirmed }: ListInPlant,
  today: string,
): RowFault[] {
  const checks = new Checks()
  requireKnownMetal(checks, known, product)
  requireProduct(checks, product)
  requireGrossCoversNet(checks, facts.netWeightKg, facts.grossWeightKg, '/grossWeightKg')
  requirePlausibleWeight(checks, product, facts.netWeightKg, confirmed, '/netWeightKg')
  requireProduced(checks, facts.producedOn, today, '/producedOn')
  return gathered(checks).map(({ field = '', rule, message }) => fault(listed, field.slice(1), rule, message))
}

function gathered(checks: Checks): readonly Fault[] {
  try {
    checks.done()
    return []
  } catch (error) {
    if (error instanceof Refused) return error.faults
    throw error
  }
}

/** A number is announced once; told again it must be told alike. What the list does not say is not another word. */
function differences(listed: ListedRow, now: Announcement, before: Announcement): RowFault[] {
  const [a, b] = [flat(now), flat(before)]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((fact) => !isSame(a[fact], b[fact]) && !(OF_THE_LIST.has(fact) && (!a[fact] || !b[fact])))
    .map((fact) =>
      fault(
        listed,
        fact,
        'announced-otherwise',
        `coil ${now.coil} was announced before with ${columnOf(fact)} ${b[fact] ?? 'left open'}, not ${a[fact] ?? 'left open'}`,
      ),
    )
}

/** Told once for the whole list, and perhaps not told again. */
const OF_THE_LIST: ReadonlySet<string> = new Set<keyof ListHeader>(['supplier', 'owner', 'agreement', 'deliveryNote'])

function flat({ product, packingList: _, ...facts }: Announcement): Record<string, unknown> {
  return { ...product, ...facts }
}

function fault(listed: ListedRow, fact: string, rule: string, message: string): RowFault {
  const column = columnOf(fact)
  const value = shown(listed.cells[column] ?? '')
  return { row: listed.row, column, value, rule, message: message.slice(0, 500) }
}
