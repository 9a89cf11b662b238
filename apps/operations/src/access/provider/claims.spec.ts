import { Logger } from '@nestjs/common'
import { personOf } from './claims.js'

const READING = {
  nameClaim: 'preferred_username',
  roleClaim: 'realm_access.roles',
  roles: [
    { value: 'coil-plan', role: 'planner' },
    { value: 'coil-ops', role: 'operator' },
    { value: 'suppliers', role: 'partner' },
  ],
  partnerClaim: 'company',
} as const
const ANA = { iss: 'https://login.plant.example', sub: '17', preferred_username: 'Ana' }
const rightsOf = (claims: object, reading = READING) => personOf({ ...ANA, ...claims }, reading).rights
const withRoles = (roles: unknown) => ({ realm_access: { roles } })

beforeAll(() => Logger.overrideLogger(false))

describe('What somebody may, by what the provider says of them,', () => {
  it('is the first role of the mapping that fits, in whatever order the provider tells', () => {
    expect(rightsOf(withRoles(['coil-ops', 'canteen', 'coil-plan']))).toEqual({ role: 'planner' })
    expect(rightsOf(withRoles('coil-ops'))).toEqual({ role: 'operator' })
  })

  it.each([
    [{}],
    [withRoles([])],
    [withRoles(null)],
    [withRoles(['Coil-Ops', 'coil-ops ', 'coil'])],
    [withRoles([['coil-ops']])],
    [withRoles({ 'coil-ops': true })],
    [{ realm_access: 'coil-ops' }],
    [{ realm_access: ['coil-ops'] }],
  ])('is nothing for %j', (claims) => expect(rightsOf(claims)).toBeUndefined())

  it('is told by a claim whose name is an address as well', () => {
    const reading = { ...READING, roleClaim: 'https://coiltrail.example/roles' } as unknown as typeof READING
    expect(rightsOf({ 'https://coiltrail.example/roles': ['coil-ops'] }, reading)).toEqual({ role: 'operator' })
  })

  it('is not what every object has', () => {
    const reading = { ...READING, roleClaim: 'constructor.name', roles: [{ value: 'Object', role: 'administrator' }] }
    expect(rightsOf({}, reading as unknown as typeof READING)).toBeUndefined()
  })

  it('is a partner’s with one code, and not that of the next role without', () => {
    const roles = withRoles(['suppliers'])
    expect(rightsOf({ ...roles, company: 'AZAL' })).toEqual({ role: 'partner', partner: 'AZAL' })
    expect(rightsOf({ ...roles, company: ['AZAL'] })).toEqual({ role: 'partner', partner: 'AZAL' })
    for (const company of [undefined, '', 'azal', 'AZ AL', ['AZAL', 'ALRO'], 7]) {
      expect(rightsOf({ ...roles, company })).toBeUndefined()
    }
  })
})

describe('Who somebody is', () => {
  it('is their subject, and the name that looks as it does, however composed', () => {
    const decomposed = personOf({ ...ANA, preferred_username: ' Zoe\u0308 ' }, READING)
    expect(decomposed).toMatchObject({ issuer: ANA.iss, subject: '17', name: 'Zo\u00EB' })
  })

  it.each([
    ['sub', ' 17', /begins or ends with a space/],
    ['sub', '', /empty/],
    ['sub', 17, /missing, or is no text/],
    ['preferred_username', 'Ana\u202E', /direction-changing/],
    ['preferred_username', 'x'.repeat(10_000), /at most 100/],
  ])('is not known when %s is %j', (claim, value, sentence) => {
    expect(() => personOf({ ...ANA, [claim]: value }, READING)).toThrow(sentence)
  })
})
