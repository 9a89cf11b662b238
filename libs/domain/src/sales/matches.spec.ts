import { castStrip, orderLine } from '#test/support/facts'
import { matches, mismatches } from './matches.js'

const { specification } = orderLine()

describe('a coil that a line asks for', () => {
  it('has its alloy, temper and form, and both ends of its ranges are good', () => {
    expect(matches(specification, castStrip)).toBe(true)
    expect(matches(specification, { ...castStrip, gaugeMm: 6, widthMm: 1200 })).toBe(true)
    expect(matches(specification, { ...castStrip, gaugeMm: 8, widthMm: 1300 })).toBe(true)
  })

  it('is told apart by every difference at once, in words', () => {
    const other = { ...castStrip, alloy: 'EN AW-1050A', temper: 'H14', gaugeMm: 5.99, widthMm: 1300.1 }
    expect(mismatches(specification, other)).toEqual([
      'its alloy is EN AW-1050A, not EN AW-8011A',
      'its temper is H14, not F',
      'its gauge is 5.99 mm, not 6 to 8 mm',
      'its width is 1300.1 mm, not 1200 to 1300 mm',
    ])
    expect(mismatches(specification, { ...castStrip, form: 'pack' })).toEqual(['it is a pack, not a coil'])
  })
})
