import { wishOf } from './cli.js'

describe('A key or an account that is wished at the command line', () => {
  it('has a name and a code that events have as well', () => {
    expect(wishOf({ role: 'partner', name: ' Ana Popescu ', partner: 'AZAL' })).toEqual({
      ...{ role: 'partner', name: 'Ana Popescu', partner: 'AZAL' },
    })
    expect(() => wishOf({ role: 'king', name: 'Ana' })).toThrow('--role is one of')
    expect(() => wishOf({ role: 'operator', name: 'Ana\u202E' })).toThrow('--name')
    expect(() => wishOf({ role: 'partner', name: 'Ana', partner: 'az al' })).toThrow('--partner: a partner code')
    expect(() => wishOf({ role: 'operator', name: 'Ana', partner: 'AZAL' })).toThrow('partner-not-wanted')
    expect(() => wishOf({ role: 'partner', name: 'Ana' })).toThrow('partner-required')
  })
})
