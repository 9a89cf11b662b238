import { readConfig } from './config.js'
import { providerSettings } from './provider-settings.js'

const WHOLE = {
  OIDC_ISSUER: 'https://login.plant.example/realms/alro',
  OIDC_CLIENT_ID: 'coiltrail',
  OIDC_ROLE_CLAIM: 'realm_access.roles',
  OIDC_ROLES: 'coil-ops=operator, CN=Planners=planner',
  PUBLIC_URL: 'https://coils.plant.example/',
}
const settingsOf = (more: Record<string, string>) => providerSettings(readConfig({ ...WHOLE, ...more }))

describe('Sign-in by an identity provider', () => {
  it('is not there unless set', () => expect(providerSettings(readConfig({}))).toBeUndefined())

  it('is described by issuer, client and roles; a public client has no secret', () => {
    expect(settingsOf({})).toEqual({
      issuer: new URL('https://login.plant.example/realms/alro'),
      clientId: 'coiltrail',
      name: 'login.plant.example',
      scopes: 'openid profile',
      nameClaim: 'preferred_username',
      roleClaim: 'realm_access.roles',
      roles: [
        { value: 'coil-ops', role: 'operator' },
        { value: 'CN=Planners', role: 'planner' },
      ],
      publicUrl: 'https://coils.plant.example',
    })
  })

  it('is told all that is missing at once', () => {
    expect(() => readConfig({ OIDC_ISSUER: WHOLE.OIDC_ISSUER, HOST: '0.0.0.0' })).toThrow(
      /OIDC_CLIENT_ID: is needed.*\n.*OIDC_ROLE_CLAIM: is needed.*\n.*OIDC_ROLES: is needed.*\n.*PUBLIC_URL: is needed/,
    )
    expect(() => readConfig({ OIDC_CLIENT_SECRET: 'x', OIDC_NAME: 'Plant' })).toThrow(
      /OIDC_CLIENT_SECRET: means nothing without OIDC_ISSUER\n.*OIDC_NAME: means nothing/,
    )
  })

  it('needs no PUBLIC_URL where only this machine can reach Coiltrail', () => {
    const { PUBLIC_URL: _, ...rest } = WHOLE
    expect(providerSettings(readConfig(rest))).toMatchObject({ publicUrl: undefined })
  })

  it.each([
    ['boss=boss', /OIDC_ROLES: there is no role "boss": they are operator, quality/],
    ['operator', /OIDC_ROLES: must be like/],
    ['=operator', /OIDC_ROLES: must be like/],
    ['a=operator,a=auditor', /OIDC_ROLES: "a" is given two roles/],
    ['suppliers=partner', /OIDC_PARTNER_CLAIM: is needed where OIDC_ROLES makes somebody a partner/],
  ])('is refused with the roles "%s"', (roles, sentence) => {
    expect(() => settingsOf({ OIDC_ROLES: roles })).toThrow(sentence)
  })

  it.each(['http://login.plant.example', 'https://login.example/?x=1', 'https://u:p@login.example', 'login.example'])(
    'is refused with the issuer %s',
    (issuer) => expect(() => settingsOf({ OIDC_ISSUER: issuer })).toThrow(/OIDC_ISSUER: must be the https address/),
  )

  it('may be in the clear on this machine', () => {
    expect(settingsOf({ OIDC_ISSUER: 'http://127.0.0.1:8080' })).toBeDefined()
  })

  it('asks for openid, whatever else', () => {
    expect(() => settingsOf({ OIDC_SCOPES: 'profile' })).toThrow(/OIDC_SCOPES: must have openid/)
  })
})
