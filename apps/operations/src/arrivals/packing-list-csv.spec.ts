import { readFileSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { COLUMNS } from '#domain/arrivals/columns'
import { contentOf, readPackingList } from '#domain/arrivals/packing-list'
import { Problem } from '#platform/problems/problem'
import { sheetOf, textOf } from './packing-list-csv.js'

const azal = { supplier: 'AZAL', owner: 'AZAL' }
const read = (bytes: Uint8Array, told: object = azal) => readPackingList(sheetOf(textOf(bytes)), told)
const utf8 = (text: string) => new TextEncoder().encode(text)
const sample = (name: string) => readFileSync(new URL(`../../../../test/fixtures/${name}`, import.meta.url))
const problemOf = (bytes: Uint8Array) => {
  try {
    read(bytes)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was read')
}

describe('a packing list as CSV', () => {
  it('is the same list from a spreadsheet in Romania as from the supplier', () => {
    const [supplier, spreadsheet] = [
      read(sample('packing-list-AZ-261107.csv'), {}),
      read(sample('packing-list-AZ-261107-excel-ro.csv')),
    ]
    expect(supplier.rows).toHaveLength(24)
    expect(contentOf(spreadsheet)).toBe(contentOf(supplier))
    expect(spreadsheet.rows.map(({ facts }) => facts)).toEqual(supplier.rows.map(({ facts }) => facts))
    expect([supplier.rows[0]!.row, spreadsheet.rows[0]!.row]).toEqual([3, 2])
  })

  it('reads to the same content in any dialect', () => {
    const coil = fc.record({
      coil_number: fc.stringMatching(/^[A-Z0-9][A-Z0-9._-]{0,8}[A-Z0-9]$/),
      gauge_mm: fc.integer({ min: 4, max: 30_000 }).map((thousandths) => thousandths / 1000),
      net_weight_kg: fc.integer({ min: 1, max: 50_000 }),
      remarks: fc.stringMatching(/^[a-z,;"#' äț]{0,12}$/).map((text) => text.trim()),
    })
    const dialect = fc.record({
      delimiter: fc.constantFrom(',', ';'),
      decimal: fc.constantFrom(',', '.'),
      record_delimiter: fc.constantFrom('\n', '\r\n', '\r'),
      quoted: fc.boolean(),
      bom: fc.boolean(),
      comment: fc.boolean(),
      blanks: fc.nat(2),
      columns: fc.shuffledSubarray(
        COLUMNS.map(({ name }) => name),
        { minLength: COLUMNS.length },
      ),
      seed: fc.nat(),
    })
    const write = (
      coils: { [column: string]: string | number }[],
      { columns, ...how }: typeof dialect extends fc.Arbitrary<infer D> ? D : never,
    ) => {
      const cell = (value: string | number) =>
        typeof value === 'number' ? String(value).replace('.', how.decimal) : value
      const rows = coils.map((one) => columns.map((name) => cell(one[name]!)))
      const { delimiter, record_delimiter, quoted } = how
      const table = stringify([columns, ...rows], { delimiter, record_delimiter, quoted })
      const blank = (delimiter.repeat(columns.length - 1) + record_delimiter).repeat(how.blanks)
      const top = how.comment ? `# supplier: AZAL; owner: AZAL${record_delimiter}` : ''
      return utf8(`${how.bom ? '\ufeff' : ''}${top}${table}${blank}`)
    }
    const rest = {
      cast_number: 'G26-1',
      alloy: 'EN AW-8011A',
      temper: 'F',
      width_mm: 1250.5,
      inner_diameter_mm: 508,
      outer_diameter_mm: '',
      gross_weight_kg: '',
      produced_on: '2026-11-03',
    }
    fc.assert(
      fc.property(
        fc.uniqueArray(coil, { minLength: 1, maxLength: 5, selector: (one) => one.coil_number }),
        dialect,
        dialect,
        (coils, a, b) => {
          const full = coils.map((one) => ({ ...rest, ...one }))
          const [one, other] = [read(write(full, a)), read(write(full.toReversed(), b))]
          expect(one.faults).toEqual([])
          expect(one.rows.flatMap(({ faults }) => faults)).toEqual([])
          expect(one.rows.map(({ facts }) => facts)).toEqual(other.rows.map(({ facts }) => facts).toReversed())
          expect(contentOf(one)).toBe(contentOf(other))
          expect(one.rows.map(({ facts }) => [facts?.gaugeMm, facts?.remarks ?? ''])).toEqual(
            coils.map((coil) => [coil.gauge_mm, coil.remarks]),
          )
        },
      ),
    )
  })

  it('counts rows as a spreadsheet does: comment and blank ones too, and a cell broken over lines once', () => {
    const { rows, faults } = read(
      utf8('# supplier: AZAL\n\ncoil_number,remarks,cast_number\nAZ-1,"one\ntwo, ""three""",G1\n,,\nAZ-2,,G1\n'),
    )
    expect(rows.map(({ row, coil }) => [row, coil])).toEqual([
      [4, 'AZ-1'],
      [6, 'AZ-2'],
    ])
    expect(faults.every(({ row }) => row === 3)).toBe(true)
  })

  it('is another list when anything in it is different', () => {
    const text = sample('packing-list-AZ-261107.csv').toString()
    const content = (changed: string) => contentOf(read(utf8(changed), {}))
    for (const [old, changed] of [
      ['6853', '6854'],
      ['7.0', '7.1'],
      ['owner: AZAL', 'owner: ALRO'],
      ['head end', 'tail end'],
    ] as const) {
      expect(content(text.replace(old, changed))).not.toBe(content(text))
    }
    expect(content(text.replace('DN-26-1107', 'DN-26-1108'))).toBe(content(text))
  })

  it.each([
    ['in UTF-16', Buffer.from('\ufeffcoil_number', 'utf16le'), /UTF-16/],
    ['in Latin-1', Buffer.from('coil_number\nAZ-1\nMünchen', 'latin1'), /Row 3 of the file is not in UTF-8/],
    ['with binary zeros', Buffer.from('coil_number\nAZ\0-1'), /binary zeros/],
    ['with a quote that is never closed', utf8('# top\ncoil_number,remarks\nAZ-1,"open\n'), /not CSV, as of line/],
    ['with a quote in the middle of a cell', utf8('coil_number,remarks\nAZ-1,40" crack\n'), /not CSV, as of line 2/],
    ['with columns without end', utf8(`a${','.repeat(40_000)}`), /40001 columns/],
    ['with lines without end', utf8('\n'.repeat(60_000)), /lines/],
  ])('%s is refused in a sentence', (_what, bytes, sentence) => {
    expect(problemOf(bytes)).toMatchObject({
      status: 422,
      rule: 'packing-list-unreadable',
      detail: expect.stringMatching(sentence),
    })
  })

  it.each(['', '#', '# x', '\ufeff', ',', '""', 'x'.repeat(200_000)])(
    'that is hardly one is told as faults: %#',
    (text) => {
      try {
        expect(read(utf8(text)).faults.length).toBeGreaterThan(0)
      } catch (error) {
        expect(error).toBeInstanceOf(Problem)
      }
    },
  )
})
