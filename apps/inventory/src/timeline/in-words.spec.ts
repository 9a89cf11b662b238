import { allEvents, type PlantFact } from '#domain/events'
import { everyFact, example } from '#test/support/every-fact'
import { inWords } from './in-words.js'

describe('Every fact of the plant', () => {
  const types = Object.keys(allEvents) as PlantFact['type'][]

  it.each(types)('%s is told in a sentence that a shift leader understands', (type) => {
    const { success, error } = allEvents[type].schema.safeParse(everyFact[type])
    expect(error?.message ?? success).toBe(true)
    const words = inWords(example(type))
    expect(words).toMatch(/^[A-Z]/)
    expect(words.length).toBeGreaterThan(10)
    expect(words.length).toBeLessThan(400)
    expect(words).not.toMatch(/undefined|NaN|null|\[object|Infinity|, ,|: ,|\.$/)
    // The names of types and fields are ours, not the plant's.
    expect(words).not.toMatch(/[a-z][A-Z]/)
  })

  it.each<[PlantFact, string]>([
    [
      example('CoilReceived'),
      'Received from AZAL into B1: EN AW-8011A F, 7 × 1250 mm, 6,853 kg weighed, melt G26-3107; −47 kg against the announcement, more than the tolerance: someone must accept it',
    ],
    [
      example('CoilConsumed'),
      'Used up on SLIT-1 (slit, order PO-1): 6,853 kg into AZ-1-A, AZ-1-B, 50 kg scrap, difference +3 kg',
    ],
    [
      example('CoilWeightCorrected'),
      'Weight corrected from 6,853 kg to 6,835 kg (−18 kg) by Ana Popescu and Ion Ionescu: digits swapped; it was sold to METALCO on order SO-1 by then',
    ],
    [example('CoilReleased'), 'Released from hold by Ana Popescu and Ion Ionescu: edge trimmed'],
    [example('CoilReleased', { requestedBy: undefined }), 'Released from hold by Ion Ionescu: edge trimmed'],
    [example('CoilHeld', { cause: 'AZ-0' }), 'Put on hold with coil AZ-0, of which it was made: surface'],
    [
      example('ProcessOrderCompleted'),
      'Order PO-1 completed on SLIT-1: slit AZ-1 into AZ-1-A, AZ-1-B; 6,853 kg in, 6,800 kg out, 50 kg scrap, 0 kg loss, difference +3 kg; accepted outside the tolerance by Ana Popescu and Ion Ionescu: scale was out of order',
    ],
    [
      example('CoilsSold', { coils: ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((coil) => ({ coil, kg: 1 })) }),
      'A, B, C, D, E and 2 more sold on order SO-1 line 1',
    ],
  ])('$type reads well', (fact, words) => {
    expect(inWords(fact)).toBe(words)
  })
})
