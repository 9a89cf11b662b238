import { ROOT } from './documents.js'
import { delivered, notPermissive } from './licences.js'

describe('What is delivered with Coiltrail', () => {
  it('stands under licences that ask for no more than to be named', async () => {
    const all = await delivered(ROOT)
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining(['@nestjs/core', 'pg', 'kafkajs', 'typeorm']))
    expect(all.map(({ name }) => name)).not.toContain('jest')
    expect(notPermissive(all)).toEqual([])
  })

  it('would not pass with a licence that asks for more, nor without one', () => {
    const under = (licence: string) => ({ name: 'x', version: '1.0.0', licence })
    const all = ['MIT', 'GPL-3.0-only', '(MIT AND AGPL-3.0-only)', 'unknown', '(BSD-3-Clause AND Apache-2.0)'].map(
      under,
    )
    expect(notPermissive(all).map(({ licence }) => licence)).toEqual([
      'GPL-3.0-only',
      '(MIT AND AGPL-3.0-only)',
      'unknown',
    ])
  })
})
