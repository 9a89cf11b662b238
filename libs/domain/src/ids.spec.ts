import { numberFrom } from '#domain/ids'
import { coilNumber } from '#domain/words'

describe('A number made for a thing that got none', () => {
  it('is the same for the same command, and fits on a label', () => {
    expect(numberFrom('RUN', 'a-scanner-key-1')).toBe(numberFrom('RUN', 'a-scanner-key-1'))
    expect(coilNumber.safeParse(numberFrom('RUN', 'a-scanner-key-1')).success).toBe(true)
  })

  it('is another for another command, of a hundred thousand alike ones too', () => {
    const made = new Set(Array.from({ length: 100_000 }, (_, i) => numberFrom('RUN', `command-${i}`)))
    expect(made.size).toBe(100_000)
  })
})
