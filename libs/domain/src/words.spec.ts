import { calendarDate, instant, reason } from './words.js'

describe('an instant and a date', () => {
  it.each([
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '0226-11-07T06:30:00+04:00',
    '1949-12-31T23:59:59Z',
    '9999-12-31T23:59:59-14:00',
  ])('are of years that calendars count: not %s', (text) => {
    expect(instant.safeParse(text).error?.issues[0]?.message).toBe('the year is one from 1950 to 9999')
  })

  it('are told at any offset, in any year that can be', () => {
    for (const text of ['1950-01-01T00:00:00Z', '2026-11-07T06:30:00+04:00', '9999-12-31T23:59:59Z']) {
      expect(instant.safeParse(text).success).toBe(true)
    }
    for (const text of ['1950-01-01', '2026-11-07', '9999-12-31'])
      expect(calendarDate.safeParse(text).success).toBe(true)
  })

  it.each(['0000-01-01', '0226-11-07', '1949-12-31', '2026-02-30'])('are no such date as %s', (text) => {
    expect(calendarDate.safeParse(text).success).toBe(false)
  })
})

describe('a reason', () => {
  it.each(['\u3164', '\u115f\u1160', '\u2800 \u2800', 'edge\u034f crack'])(
    'has no letters that nobody sees: %j',
    (text) => {
      expect(reason.safeParse(text).success).toBe(false)
    },
  )

  it.each(['Kanten gerissen – 2×', 'kənar çatlağı', '表面缺陷'])('is told in any language: %s', (text) => {
    expect(reason.parse(text)).toBe(text)
  })
})
