import { describe, expect, test } from '@jest/globals'
import { type BayRow, bays, coils, record } from '#test/fixtures/ledger/ledger'
import { Fold } from './fold.js'
import type { Projection, Rows } from './projection.js'

const [event] = record([{ stream: 'coil-1', fact: { type: 'CoilScrapped' } }])
const key = ['bay-1', '2026-07-01']

function happens(fold: Fold, apply: (rows: Rows) => void, keys: Projection['keys'] = () => []): void {
  fold.apply({ name: 'ledger', version: 1, tables: [coils, bays], keys, apply: (_, rows) => apply(rows) }, event!)
}

function bay(fold: Fold): Readonly<BayRow> | undefined {
  let found: Readonly<BayRow> | undefined
  happens(
    fold,
    (rows) => {
      found = rows.get(bays, key)
    },
    () => [{ table: bays, key }],
  )
  return found
}

describe('what was added to a row before anybody read it', () => {
  test.each([
    ['is added to what the database has', { location: 'bay-1', day: '2026-07-01', coils: 10, kg: 500 }, 13, 600],
    ['begins at zero when the database has none', undefined, 3, 100],
  ])('%s', (_, stored, coils, kg) => {
    const fold = new Fold([bays])
    happens(fold, (rows) => rows.add(bays, key, { coils: 1, kg: 100 }))
    happens(fold, (rows) => rows.add(bays, key, { coils: 2 }))
    expect(fold.of(bays).misses(key)).toBe(true)
    fold.of(bays).fill(key, stored)
    expect(bay(fold)).toEqual({ location: 'bay-1', day: '2026-07-01', coils, kg })
  })

  test('is replaced by a row that is put, and gone with one that is deleted', () => {
    const fold = new Fold([bays])
    happens(fold, (rows) => {
      rows.add(bays, key, { coils: 5 })
      rows.put(bays, { location: 'bay-1', day: '2026-07-01', coils: 1, kg: 1 })
      rows.add(bays, key, { coils: 1 })
    })
    expect(bay(fold)).toMatchObject({ coils: 2, kg: 1 })
    happens(fold, (rows) => rows.delete(bays, key))
    expect(bay(fold)).toBeUndefined()
  })

  test('must be whole numbers, as sums of fractions would depend on the batches', () => {
    expect(() => happens(new Fold([bays]), (rows) => rows.add(bays, key, { kg: 0.5 }))).toThrow(
      'whole numbers, not 0.5',
    )
  })
})
