import { packingLists } from '#domain/arrivals/state'
import type { PlantFact } from '#domain/events'
import { plants } from '#domain/plant/state'
import {
  alloyDefined,
  coilAnnounced,
  coilReceived,
  partnerRegistered,
  plantConfigured,
  temperDefined,
} from '#test/support/facts'
import { given, type World } from '#test/support/given'
import { COLUMNS } from '../columns.js'
import { readPackingList } from '../packing-list.js'
import { announceCoils, judgePackingList } from './announce-coils.js'

const good = {
  coil_number: 'AZ-1',
  cast_number: 'G26-3107',
  alloy: 'EN AW-8011A',
  temper: 'F',
  gauge_mm: '7.0',
  width_mm: '1250',
  inner_diameter_mm: '508',
  outer_diameter_mm: '1695',
  net_weight_kg: '6853',
  gross_weight_kg: '6911',
  produced_on: '2026-11-03',
  remarks: '',
}
type Row = Partial<typeof good>

const header = { supplier: 'AZAL', owner: 'AZAL', deliveryNote: 'DN-1' }
const known = [plantConfigured(), partnerRegistered(), alloyDefined(), temperDefined('F')]
/** As a list of just this row announced it. */
const announced = coilAnnounced({ deliveryNote: 'DN-1', producedOn: '2026-11-03' })

function listOf(rows: Row[], told: object = header) {
  const names = COLUMNS.map(({ name }) => name) as (keyof typeof good)[]
  const cells = rows.map((row) => names.map((name) => ({ ...good, ...row })[name]))
  const sheet = { comments: [], headerRow: 1, header: names, rows: cells.map((cells, i) => ({ row: i + 2, cells })) }
  return readPackingList(sheet, told)
}

function judge(world: World, rows: Row[], { told = header as object, confirmed = false, now = world.given.now } = {}) {
  const plant = world.get(plants, 'main')
  const contentHash = '0'.repeat(64)
  const list = { packingList: 'PL-1', contentHash, list: listOf(rows, told), plant, known: world, now, confirmed }
  return { list, judgement: judgePackingList(list) }
}

const announce =
  (...rows: Row[]) =>
  (world: World) => {
    const { list, judgement } = judge(world, rows)
    return announceCoils(list, judgement)
  }

/** Column and rule of every fault of every row. */
function faultsIn(facts: readonly PlantFact[], rows: Row[], options?: Parameters<typeof judge>[2]): string[] {
  let faults: string[] = []
  given(...facts).when((world) => {
    const { judgement } = judge(world, rows, options)
    faults = [...judgement.listFaults, ...judgement.rows.flatMap((row) => row.faults)].map(
      ({ row, column, rule }) => `${row ?? '-'} ${column} ${rule}`,
    )
    return []
  })
  return faults
}

describe('announcing coils by a packing list', () => {
  it('records the list, and each coil with all that is said of it', () => {
    given(...known)
      .when(announce({}, { coil_number: 'AZ-2', remarks: 'edge crack', outer_diameter_mm: '', net_weight_kg: '6000' }))
      .thenRecorded(
        { type: 'PackingListAccepted', data: { coils: ['AZ-1', 'AZ-2'], kg: 12_853, rowsLeftOut: 0, unchanged: [] } },
        { type: 'CoilAnnounced', data: { ...announced.data, packingList: 'PL-1' } },
        { type: 'CoilAnnounced', data: { coil: 'AZ-2', remarks: 'edge crack' } },
      )
  })

  it('leaves out faulty rows, keeps why, and announces later what has become good since', () => {
    const facts = given(...known).when(announce({}, { coil_number: 'AZ-2', alloy: 'EN AW-3003' })).facts
    expect(facts.map(({ type }) => type)).toEqual(['PackingListAccepted', 'CoilAnnounced'])
    expect(facts[0]!.data).toMatchObject({
      rowsLeftOut: 1,
      faults: [{ row: 3, column: 'alloy', value: 'EN AW-3003', rule: 'unknown-alloy' }],
    })
    const later = given(...known, ...facts, alloyDefined({ alloy: 'EN AW-3003' }))
    later
      .when(announce({}, { coil_number: 'AZ-2', alloy: 'EN AW-3003' }))
      .thenRecorded(
        { type: 'PackingListAccepted', data: { coils: ['AZ-2'], unchanged: ['AZ-1'] } },
        { type: 'CoilAnnounced', data: { coil: 'AZ-2' } },
      )
    given(...known, ...facts).when(({ get }) => {
      expect(get(packingLists, 'PL-1').coils).toEqual(['AZ-1'])
      return []
    })
  })

  it('says nothing new of a coil announced before just so, received or not, with its delivery note or without', () => {
    given(...known, announced)
      .when(announce({}))
      .thenRecorded()
    given(...known, announced, coilReceived({ announced: true, netWeightKg: 6000 }))
      .when(announce({}))
      .thenRecorded()
    expect(faultsIn([...known, announced], [{}], { told: { supplier: 'AZAL', owner: 'AZAL' } })).toEqual([])
  })

  it('finds every column that was announced otherwise', () => {
    expect(
      faultsIn([...known, announced], [{ gauge_mm: '6.9', net_weight_kg: '6850', produced_on: '', remarks: 'crack' }]),
    ).toEqual([
      '2 gauge_mm announced-otherwise',
      '2 net_weight_kg announced-otherwise',
      '2 produced_on announced-otherwise',
      '2 remarks announced-otherwise',
    ])
    expect(faultsIn([...known, announced], [{}], { told: { ...header, deliveryNote: 'DN-2' } })).toEqual([
      '2 deliveryNote announced-otherwise',
    ])
  })

  it('rule 1: a number that was received or made here unannounced is used up', () => {
    expect(faultsIn([...known, coilReceived()], [{}])).toEqual(['2 coil_number coil-number-used'])
  })

  it('rule 9: nothing was produced in days that are still to come in the plant', () => {
    const now = new Date('2026-11-03T21:30:00Z')
    expect(faultsIn(known, [{ produced_on: '2026-11-04' }], { now })).toEqual(['2 produced_on produced-in-the-future'])
    // Midnight has passed in Bucharest, not yet in UTC.
    const later = new Date('2026-11-03T22:30:00Z')
    expect(faultsIn(known, [{ produced_on: '2026-11-04' }], { now: later })).toEqual([])
  })

  it('rule 10: a weight fits its dimensions, or is confirmed', () => {
    const light = [{ net_weight_kg: '685', gross_weight_kg: '' }]
    expect(faultsIn(known, light)).toEqual(['2 net_weight_kg weight-implausible'])
    expect(faultsIn(known, light, { confirmed: true })).toEqual([])
  })

  it('finds all faults of a row at once, whether they need the plant or not', () => {
    expect(
      faultsIn(known, [
        { alloy: 'EN AW-1050A', temper: 'H18', gross_weight_kg: '6852', outer_diameter_mm: '510' },
        { coil_number: 'az 2', gauge_mm: '7,5 mm', net_weight_kg: '6.853', produced_on: '2026-02-30' },
      ]),
    ).toEqual([
      '2 alloy unknown-alloy',
      '2 temper unknown-temper',
      '2 outer_diameter_mm outer-diameter-too-small',
      '2 gross_weight_kg gross-below-net',
      '2 net_weight_kg weight-implausible',
      '3 coil_number coil-number-form',
      '3 gauge_mm not-a-number',
      '3 net_weight_kg not-whole-kilograms',
      '3 produced_on not-a-date',
    ])
  })

  it('needs to know whose list it is, and whose metal', () => {
    expect(faultsIn(known, [{}], { told: {} })).toEqual(['- supplier supplier-missing', '- owner owner-missing'])
    const customer = partnerRegistered({ partner: 'METALCO', roles: ['customer'] })
    expect(faultsIn([...known, customer], [{}], { told: { supplier: 'METALCO', owner: 'NOBODY' } })).toEqual([
      '- supplier partner-not-supplier',
      '- owner unknown-partner',
    ])
  })
})
