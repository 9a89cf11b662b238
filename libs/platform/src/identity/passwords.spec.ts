import { hash } from '@node-rs/argon2'
import { Problem } from '../problems/problem.js'
import { Passwords } from './passwords.js'
import { requireGoodPassword } from './passwords-rules.js'

describe('A password', () => {
  const passwords = new Passwords()

  it('is kept as Argon2id, at no less than what OWASP advises, each time with another salt', async () => {
    const [one, other] = [
      await passwords.hash('seven coils on one skid'),
      await passwords.hash('seven coils on one skid'),
    ]
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(one).not.toBe(other)
  })

  it('is known again however its accents are composed, and no other is taken for it', async () => {
    const kept = await passwords.hash('sapte bobine în doua rânduri')
    expect(await passwords.matches('sapte bobine în doua rânduri'.normalize('NFD'), kept)).toEqual({
      good: true,
      outdated: false,
    })
    expect((await passwords.matches('sapte bobine in doua randuri', kept)).good).toBe(false)
  })

  it('that was kept at less cost is told, to be kept anew', async () => {
    const kept = await hash('seven coils on one skid', { memoryCost: 8_192, timeCost: 1 })
    expect(await passwords.matches('seven coils on one skid', kept)).toEqual({ good: true, outdated: true })
  })

  it('of nobody is compared all the same, and never good', async () => {
    await passwords.matches('warms up', undefined)
    const kept = await passwords.hash('another one')
    const lasting = async (against: string | undefined) => {
      const start = performance.now()
      for (let n = 0; n < 8; n++) expect((await passwords.matches('no such one', against)).good).toBe(false)
      return performance.now() - start
    }
    const [known, unknown] = [await lasting(kept), await lasting(undefined)]
    expect(unknown).toBeGreaterThan(known / 3)
  })

  it('waits its turn when many come, and is turned away before it begins when too many do', async () => {
    const inside = Array.from({ length: 80 }, () => passwords.letIn(() => passwords.matches('no such one', undefined)))
    const answers = await Promise.allSettled(inside)
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Problem] : []))
    expect(refused).toHaveLength(16)
    for (const { status, rule, extras } of refused) {
      expect([status, rule, extras.headers]).toEqual([503, 'too-many-at-the-door', { 'Retry-After': '2' }])
    }
    expect(await passwords.letIn(async () => 'in')).toBe('in')
  })
})

describe('A password that somebody chooses', () => {
  const faultsOf = (password: string, name = 'Ana Popescu') => {
    try {
      requireGoodPassword(password, name, '/password')
      return []
    } catch (error) {
      const problem = error as Problem
      expect(problem).toBeInstanceOf(Problem)
      expect([problem.status, problem.rule]).toEqual([422, 'password-not-good'])
      if (password.length > 4) expect(JSON.stringify(problem.body('/'))).not.toContain(password)
      return problem.extras.errors!.map(({ rule, pointer }) => [pointer, rule].join(' '))
    }
  }

  it.each([
    'seven coils on one skid',
    'șapte bobine pe un palet',
    'xK9#mQ2$vL5n',
    'the password of the gate',
    '一二三四五六七八九十冊巻',
    `a b c d e f ${'long '.repeat(30)}and no more than that`,
  ])('may be "%s"', (password) => {
    expect(faultsOf(password)).toEqual([])
  })

  it.each([
    ['elevenchars', 'password-too-short'],
    ['𝒜𝒷'.repeat(5), 'password-too-short'],
    [`${'ab cd ef gh '.repeat(17)}!`, 'password-too-long'],
    ['Ana.Popescu.1987', 'password-is-name'],
    ['Password2026!', 'password-well-known'],
    ['P4ssw0rd12345', 'password-well-known'],
    ['12!Administrator', 'password-well-known'],
    ['coiltrail-2026', 'password-well-known'],
    ['aaaaaaaaaaaa', 'password-pattern'],
    ['steelsteelsteel', 'password-pattern'],
    ['a1b2c3d4a1b2c3d4', 'password-pattern'],
    ['567890123456', 'password-pattern'],
    ['QWERTYUIOPAS', 'password-pattern'],
    ['zyxwvutsrqpo', 'password-pattern'],
  ])('may not be "%s": %s', (password, rule) => {
    expect(faultsOf(password)).toContain(`/password ${rule}`)
  })

  it('is told all its faults at once', () => {
    expect(faultsOf('ana', 'ana')).toEqual([
      '/password password-too-short',
      '/password password-is-name',
      '/password password-pattern',
    ])
  })
})
