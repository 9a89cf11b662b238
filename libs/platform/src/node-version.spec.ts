import { readFile } from 'node:fs/promises'
import { unfitNode } from './node-version.js'

describe('The Node that runs Coiltrail', () => {
  it.each(['24.11.0', '24.21.0'])('is %s', (version) => {
    expect(unfitNode(version)).toBeUndefined()
  })

  it.each(['18.20.8', '20.20.2', '24.10.0', '25.0.0'])('is not %s, and a sentence says so', (version) => {
    expect(unfitNode(version)).toBe(
      `Coiltrail needs Node 24.11 or a later 24, and this is Node ${version}: "npm start" brings its own.`,
    )
  })

  it('is the one that the package asks for', async () => {
    const { engines } = JSON.parse(await readFile('package.json', 'utf8'))
    expect(engines.node).toBe('>=24.11 <25')
  })
})
