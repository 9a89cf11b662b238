import { isDatabaseGone, toProblem } from './translate.js'

const failed = (code: string) => Object.assign(new Error('failed'), { code })

describe('an error of the database', () => {
  it('passes, and is worth another try, when the database is away', () => {
    for (const code of ['08006', '57P01', 'ECONNREFUSED'])
      expect(toProblem(failed(code))).toMatchObject({ status: 503 })
    expect(isDatabaseGone({ driverError: failed('08003') })).toBe(true)
  })

  it('is not called away when our own SQL is wrong', () => {
    for (const code of ['08P01', '42601', '23505']) expect(isDatabaseGone(failed(code))).toBe(false)
  })
})
