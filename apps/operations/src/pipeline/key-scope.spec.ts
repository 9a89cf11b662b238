import type { PlantFact } from '#domain/events'
import type { Actor, Scope } from '#platform/identity/roles'
import { example } from '#test/support/every-fact'
import { requireInScope } from './key-scope.js'

const scanner = (scope: Scope): Actor => ({
  kind: 'key',
  id: 'k',
  name: 'Scanner 7',
  role: 'operator',
  source: 'scanner',
  scope,
})
const refusal = (scope: Scope, facts: readonly PlantFact[], states: Record<string, unknown> = {}): unknown => {
  try {
    requireInScope(scanner(scope), facts, (stream) => states[stream])
    return undefined
  } catch (error) {
    return (error as { extras: { values: unknown } }).extras.values
  }
}

const moved = [
  example('CoilMoved', { coil: 'AZ-1', from: 'YARD', to: 'BAY-01' }),
  example('CoilTaken', { coil: 'AZ-1', location: 'YARD' }),
  example('CoilStored', { coil: 'AZ-1', location: 'BAY-01' }),
]
const lying = { 'coil-AZ-1': { location: 'YARD' } }

describe('A key', () => {
  it('without limits touches anything', () => {
    expect(refusal({}, moved, lying)).toBeUndefined()
    expect(refusal({ permissions: ['move-coil'] }, moved, lying)).toBeUndefined()
  })

  it('made for locations moves coils between them, and neither out nor in', () => {
    expect(refusal({ locations: ['YARD', 'BAY-01'] }, moved, lying)).toBeUndefined()
    expect(refusal({ locations: ['BAY-01'] }, moved, lying)).toMatchObject({ outside: ['YARD'] })
    expect(refusal({ locations: ['YARD'] }, moved, lying)).toMatchObject({ outside: ['BAY-01'] })
  })

  it('made for a location weighs no coil that lies elsewhere', () => {
    const weighed = [example('CoilWeighed', { coil: 'AZ-1' })]
    expect(refusal({ locations: ['YARD'] }, weighed, lying)).toBeUndefined()
    expect(refusal({ locations: ['BAY-01'] }, weighed, lying)).toMatchObject({ outside: ['YARD'] })
  })

  it('made for a line charges melts to no run of another, though the fact itself names no line', () => {
    const charged = [example('MeltAddedToRun', { castingRun: 'RUN-1' })]
    const runs = { 'castingRun-RUN-1': { line: 'CAST-1' } }
    expect(refusal({ lines: ['CAST-1'] }, charged, runs)).toBeUndefined()
    expect(refusal({ lines: ['CAST-2'] }, charged, runs)).toMatchObject({ outside: ['CAST-1'] })
  })

  it('made for a line does nothing that has no line', () => {
    expect(refusal({ lines: ['SLIT-1'] }, moved, lying)).toEqual({ scope: { lines: ['SLIT-1'] } })
    expect(refusal({ lines: ['SLIT-1'] }, [example('CoilSold', { line: 1 })])).toEqual({ scope: { lines: ['SLIT-1'] } })
  })

  it('made for a line and for the places beside it does what touches either', () => {
    const scope = { lines: ['SLIT-1'], locations: ['YARD', 'BAY-01'] }
    expect(refusal(scope, moved, lying)).toBeUndefined()
    expect(refusal(scope, [example('CoilProcessingStarted', { line: 'SLIT-1' })], lying)).toBeUndefined()
    expect(refusal(scope, [example('CoilProcessingStarted', { line: 'MILL-1' })], lying)).toMatchObject({
      outside: ['MILL-1'],
    })
  })
})
