import { z } from 'zod'
import { nextVersion, readEvent, UnknownEventError, version1 } from './event.js'

const first = version1(z.strictObject({ coil: z.string(), weight: z.number() }))
const second = nextVersion(
  first,
  z.strictObject({ coil: z.string(), netWeightKg: z.number() }),
  ({ coil, weight }) => ({
    coil,
    netWeightKg: weight,
  }),
)
const third = nextVersion(
  second,
  z.strictObject({ coil: z.string(), netWeightKg: z.number(), scale: z.string() }),
  (data) => ({ ...data, scale: 'unknown' }),
)
const catalog = { CoilWeighed: third }

describe('an event that was written long ago', () => {
  it('is read as today’s version, step by step from the one it was written in', () => {
    const today = { type: 'CoilWeighed', data: { coil: 'AZ-1', netWeightKg: 6853, scale: 'unknown' } }
    const v1 = { type: 'CoilWeighed', data: { coil: 'AZ-1', weight: 6853 }, metadata: { schemaVersion: '1' } }
    const v2 = { type: 'CoilWeighed', data: { coil: 'AZ-1', netWeightKg: 6853 }, metadata: { schemaVersion: '2' } }
    expect(readEvent(catalog, v1)).toEqual(today)
    expect(readEvent(catalog, v2)).toEqual(today)
    expect(readEvent(catalog, { ...today, metadata: { schemaVersion: '3' } })).toEqual(today)
  })

  it('is an error that names it when this code is older than it, or does not know it', () => {
    const read = (type: string, schemaVersion: string) => () =>
      readEvent(catalog, { type, data: {}, metadata: { schemaVersion } })
    expect(read('CoilWeighed', '4')).toThrow(
      new UnknownEventError('event CoilWeighed has schema version 4, known are 1 to 3'),
    )
    expect(read('CoilWeighed', 'x')).toThrow(UnknownEventError)
    expect(read('CoilPainted', '1')).toThrow('CoilPainted')
    expect(read('toString', '1')).toThrow(UnknownEventError)
  })
})
