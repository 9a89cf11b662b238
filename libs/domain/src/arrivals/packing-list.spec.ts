import { COLUMNS, shown } from './columns.js'
import { MOST_ROWS } from './events.js'
import { headerOf } from './list-header.js'
import { readPackingList, type Sheet } from './packing-list.js'

const names = COLUMNS.map(({ name }) => name)
const cells = 'AZ-1,G26-3107,EN AW-8011A,F,7.0,1250,508,1695,6853,6911,2026-11-03,'.split(',')
const sheetOf = (header: string[], ...rows: string[][]): Sheet => ({
  comments: [],
  headerRow: 1,
  header,
  rows: rows.map((cells, i) => ({ row: i + 2, cells })),
})
const listFaults = (sheet: Sheet) =>
  readPackingList(sheet, {}).faults.map(({ row, column, rule }) => [row, column, rule])
const rowFaults = (column: string, cell: string) => {
  const row = cells.map((old, i) => (names[i] === column ? cell : old))
  return readPackingList(sheetOf(names, row), {}).rows[0]!.faults.map(({ rule }) => rule)
}

describe('reading a packing list', () => {
  it('tells columns that are missing, doubled or unknown, and still reads the rest', () => {
    const header = ['Coil_Number ', 'cast_number', 'alloy', 'alloy', 'colour', 'temper', 'gauge_mm', 'width_mm']
    const sheet = sheetOf(header, ['AZ-1', 'G26-1', 'EN AW-8011A', '', 'blue', 'F', 'thick', '1250'])
    expect(listFaults(sheet)).toEqual([
      [1, 'alloy', 'column-doubled'],
      [1, 'colour', 'column-unknown'],
      [1, 'net_weight_kg', 'column-missing'],
    ])
    expect(readPackingList(sheet, {}).rows[0]!.faults).toMatchObject([{ column: 'gauge_mm', rule: 'not-a-number' }])
  })

  it('overlooks columns without a name and content, as spreadsheets save them, but not content without a name', () => {
    expect(listFaults(sheetOf([...names, ''], [...cells, '']))).toEqual([])
    expect(listFaults(sheetOf([...names, ''], [...cells, 'x']))).toEqual([[1, '', 'column-unknown']])
  })

  it('refuses a row with more or fewer cells than the header: something slipped', () => {
    const faults = (row: string[]) => readPackingList(sheetOf(names, row), {}).rows[0]!.faults.map(({ rule }) => rule)
    expect(faults([...cells, 'x'])).toEqual(['cell-count'])
    expect(faults([...cells, '', ''])).toEqual([])
    expect(faults(cells.slice(0, 11))).toEqual(['cell-count'])
  })

  it('takes lists of 1 to 5,000 rows', () => {
    expect(listFaults(sheetOf(names))).toEqual([[1, '', 'list-empty']])
    const row = (i: number) => cells.map((cell, at) => (at === 0 ? `AZ-${i}` : cell))
    const many = Array.from({ length: MOST_ROWS + 1 }, (_, i) => row(i))
    expect(listFaults(sheetOf(names, ...many))).toEqual([[MOST_ROWS + 2, '', 'list-too-long']])
    expect(listFaults(sheetOf(names, ...many.slice(1)))).toEqual([])
  })

  it('finds a number that stands twice in the second row, and the first good', () => {
    const { rows } = readPackingList(sheetOf(names, cells, cells, cells), {})
    expect(rows.map(({ faults }) => faults.map(({ rule }) => rule))).toEqual([
      [],
      ['coil-number-doubled'],
      ['coil-number-doubled'],
    ])
    expect(rows[2]!.faults[0]!.message).toMatch(/row 2/)
  })

  it.each([
    ['net_weight_kg', '6853,00', []],
    ['net_weight_kg', '6.000', ['not-whole-kilograms']],
    ['net_weight_kg', '6 853', ['not-a-number']],
    ['net_weight_kg', '1e3', ['not-a-number']],
    ['net_weight_kg', '0', ['weight-out-of-range']],
    ['gauge_mm', '7,0', []],
    ['gauge_mm', 'NaN', ['not-a-number']],
    ['width_mm', '1.250', ['width-out-of-range']],
    ['width_mm', '', ['cell-empty']],
    ['gross_weight_kg', '', []],
    ['outer_diameter_mm', '99999', ['diameter-out-of-range']],
    ['produced_on', '03.11.2026', ['not-a-date']],
    ['temper', 'h14', ['temper-form']],
    ['cast_number', 'G26\u200b3107', ['cast-number-form']],
    ['remarks', 'edge crack\r\n40 mm', []],
    ['remarks', 'turned \u202e', ['remarks-form']],
  ])('%s "%s": %j', (column, cell, rules) => {
    expect(rowFaults(column, cell)).toEqual(rules)
  })

  it('writes hidden characters out, and shortens what is long', () => {
    expect(shown('AZ-1\u202e\u0000')).toBe('AZ-1\\u{202E}\\u{0}')
    expect(shown('x'.repeat(500))).toHaveLength(100)
  })
})

describe('what is said of a packing list as a whole', () => {
  const line = '# delivery note: DN-26-1107; supplier: AZAL; shipped: 2026-11-07T06:30:00+04:00; weather: rain'

  it('is taken from its comment line, also as a spreadsheet saved it again; what is told beside the file wins', () => {
    const expected = { deliveryNote: 'DN-26-1107', supplier: 'AZAL', shippedAt: '2026-11-07T02:30:00.000Z' }
    for (const text of [line, `"${line}",,,,`, `${line};;;;`]) {
      expect(headerOf({}, [{ row: 1, text }])).toEqual({ header: expected, faults: [] })
    }
    const told = { supplier: 'ALRO', deliveryNote: undefined }
    expect(headerOf(told, [{ row: 1, text: line }]).header).toEqual({ ...expected, supplier: 'ALRO' })
  })

  it('is faulty where it cannot be right', () => {
    expect(headerOf({}, [{ row: 1, text: '# supplier: az al; shipped: tomorrow' }]).faults).toMatchObject([
      { row: 1, column: 'supplier', value: 'az al', rule: 'comment-line-form' },
      { row: 1, column: 'shipped', value: 'tomorrow', rule: 'comment-line-form' },
    ])
  })
})
