import { beginSignIn, begunBy, LASTS_MS } from './begun-sign-in.js'

const NOW = new Date('2026-11-27T08:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)

describe('A sign-in that was begun', () => {
  it('is known again by its cookie, and like no other', () => {
    const cookie = beginSignIn('/stock?alloy=EN%20AW-8011A', NOW)
    const begun = begunBy(cookie, later(LASTS_MS - 1))!
    expect(begun).toEqual(begunBy(cookie, NOW))
    expect(begun.next).toBe('/stock?alloy=EN%20AW-8011A')
    const others = begunBy(beginSignIn('/stock?alloy=EN%20AW-8011A', NOW), NOW)!
    const made = [begun, others].flatMap(({ state, nonce, verifier }) => [state, nonce, verifier])
    expect(new Set(made).size).toBe(6)
    // RFC 7636: a verifier has 43 to 128 of these.
    for (const text of made) expect(text).toMatch(/^[\w-]{43}$/)
  })

  it('is over after ten minutes, and cannot be made to last', () => {
    const cookie = beginSignIn('/', NOW)
    expect(begunBy(cookie, later(LASTS_MS))).toBeUndefined()
    const [secret, end, next] = cookie.split('.')
    const longer = `${secret}.${Number(end) + LASTS_MS}.${next}`
    expect(begunBy(longer, NOW)).toBeUndefined()
    expect(begunBy(longer, later(LASTS_MS))!.state).not.toBe(begunBy(cookie, NOW)!.state)
  })

  it.each(['', 'x', '..', `${'A'.repeat(43)}.1.`, `${'A'.repeat(43)}.x.Lw`, `${'A'.repeat(43)}.1.Lw.Lw`])(
    'is not known by "%s"',
    (cookie) => expect(begunBy(cookie, new Date(0))).toBeUndefined(),
  )
})
