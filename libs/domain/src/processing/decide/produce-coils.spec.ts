import { given } from '#test/support/given'
import { completing, mother, out, started, strip } from '#test/support/processing'

const two = [mother(), mother({ coil: 'AZ-2', netWeightKg: 8000, castNumber: 'G26-3108' })]
const mixed = { reason: 'last metal of both' }

describe('slitting', () => {
  it('consumes the mother, and makes a coil of each strip with what it has from her', () => {
    given(...started('slit'))
      .when(
        completing({
          outputs: [
            out('S-1', 4900, { widthMm: 615, weighing: { by: 'scale', scale: 'EXIT' } }),
            out('S-2', 4890, { widthMm: 615, outerDiameterMm: 2000 }),
          ],
          trimMm: 20,
          scrapKg: 200,
        }),
      )
      .thenRecorded(
        {
          type: 'ProcessOrderCompleted',
          data: {
            inputs: [{ coil: 'AZ-1', kg: 10_000, owner: 'AZAL' }],
            outputs: [
              { coil: 'S-1', kg: 4900, owner: 'AZAL', remnant: false },
              { coil: 'S-2', kg: 4890 },
            ],
            balance: { inKg: 10_000, outKg: 9790, scrapKg: 200, lossKg: 0, differenceKg: 10 },
            toleranceKg: 30,
            startedAt: '2026-11-10T10:00:00.000Z',
            completedAt: '2026-11-10T12:00:00.000Z',
          },
        },
        {
          type: 'CoilConsumed',
          data: {
            netWeightKg: 10_000,
            owner: 'AZAL',
            into: [
              { coil: 'S-1', kg: 4900 },
              { coil: 'S-2', kg: 4890 },
            ],
            scrapKg: 200,
            lossKg: 0,
            differenceKg: 10,
          },
        },
        {
          type: 'CoilProduced',
          data: {
            coil: 'S-1',
            from: [{ coil: 'AZ-1', kg: 4900 }],
            melts: ['G26-3107'],
            remnant: false,
            owner: 'AZAL',
            holder: 'ALRO',
            product: { ...strip({ widthMm: 615 }), outerDiameterMm: undefined },
            weighing: { by: 'scale', scale: 'EXIT' },
            location: 'B2',
          },
        },
        { type: 'CoilStored', data: { coil: 'S-1', location: 'B2' } },
        { type: 'CoilProduced', data: { coil: 'S-2', product: { outerDiameterMm: 2000, innerDiameterMm: 508 } } },
        { type: 'CoilStored' },
      )
  })

  it('rule 6: child widths plus trim do not exceed the mother’s width', () => {
    const cut = (trimMm: number) =>
      given(...started('slit')).when(
        completing({ outputs: [out('S-1', 5000, { widthMm: 625 }), out('S-2', 5000, { widthMm: 625 })], trimMm }),
      )
    expect(cut(0).facts).not.toEqual([])
    cut(0.1).thenRefused('widths-exceed-mother', { coil: 'AZ-1', widthMm: 1250, totalMm: 1250.1 })
  })

  it('rule 6: does not change gauge nor temper', () => {
    given(...started('slit'))
      .when(completing({ outputs: [out('S-1', 10_000, { gaugeMm: 6.9, temper: 'H14' })] }))
      .thenRefusedBy('gauge-changed', 'temper-changed')
  })

  it('rule 10: makes no strip heavier than its share of the width, unless somebody confirms it', () => {
    const swapped = (confirmed?: boolean) =>
      given(...started('slit')).when(
        completing({
          outputs: [out('S-1', 4000, { widthMm: 250, confirmed }), out('S-2', 6000, { widthMm: 1000, remnant: false })],
        }),
      )
    swapped().thenRefused('weight-implausible', { coil: 'S-1', netWeightKg: 4000, mostKg: 2060 })
    expect(swapped(true).facts).not.toEqual([])
  })

  it('rule 10: believes a weight that fits the diameters only', () => {
    given(...started('slit'))
      .when(completing({ outputs: [out('S-1', 10_000, { outerDiameterMm: 1000 })] }))
      .thenRefused('weight-implausible', { netWeightKg: 10_000 })
  })

  it('of several mothers in one order says which child is from which', () => {
    given(...started('slit', two))
      .when(completing({ outputs: [out('S-1', 10_000), out('S-2', 8000, { from: [{ coil: 'AZ-2' }] })] }))
      .thenRefused('from-missing', { coil: 'S-1' })
    const { facts } = given(...started('slit', two)).when(
      completing({
        outputs: [out('S-1', 9900, { from: [{ coil: 'AZ-1' }] }), out('S-2', 7990, { from: [{ coil: 'AZ-2' }] })],
        scrapKg: 105,
      }),
    )
    expect(facts.filter((fact) => fact.type === 'CoilConsumed').map((fact) => fact.data)).toMatchObject([
      { coil: 'AZ-1', into: [{ coil: 'S-1', kg: 9900 }], scrapKg: 95, differenceKg: 5 },
      { coil: 'AZ-2', into: [{ coil: 'S-2', kg: 7990 }], scrapKg: 10, differenceKg: 0 },
    ])
    expect(facts.filter((fact) => fact.type === 'CoilProduced').map((fact) => fact.data.melts)).toEqual([
      ['G26-3107'],
      ['G26-3108'],
    ])
  })

  it('rule 5: takes no more from one mother than she weighs, though the order balances', () => {
    given(...started('slit', two))
      .when(
        completing({
          outputs: [
            out('S-1', 6000, { from: [{ coil: 'AZ-1' }] }),
            out('S-2', 12_000, { from: [{ coil: 'AZ-2' }], confirmed: true }),
          ],
        }),
      )
      .thenRefused('mother-overdrawn', { coil: 'AZ-2', gaveKg: 12_000, netWeightKg: 8000 })
  })

  it('does not take a strip from two mothers', () => {
    given(...started('slit', two))
      .when(completing({ outputs: [out('S-1', 18_000, { from: [{ coil: 'AZ-1' }, { coil: 'AZ-2' }] })] }))
      .thenRefusedBy('one-mother-only')
  })
})

describe('rule 6: each step changes what it is for, and nothing thickens', () => {
  const one = (step: Parameters<typeof started>[0], told: Parameters<typeof out>[2]) =>
    given(...started(step)).when(completing({ outputs: [out('N-1', 10_000, told)] }))
  const recorded = (step: Parameters<typeof started>[0], told: Parameters<typeof out>[2]) =>
    expect(one(step, told).facts[2]).toMatchObject({ type: 'CoilProduced', data: { coil: 'N-1' } })

  it('rolling thins, hardens, and widens hardly', () => {
    recorded('roll', { gaugeMm: 3, temper: 'H14', widthMm: 1260 })
    one('roll', {}).thenRefused('not-thinner', { gaugeMm: 7, motherGaugeMm: 7 })
    one('roll', { gaugeMm: 3, widthMm: 1280 }).thenRefusedBy('wider-than-mother')
  })

  it('levelling keeps gauge and width', () => {
    recorded('level', {})
    one('level', { gaugeMm: 6.9, widthMm: 1249 }).thenRefusedBy('gauge-changed', 'width-changed')
  })

  it('coating adds a little, and never thins', () => {
    recorded('coat', { gaugeMm: 7.05 })
    one('coat', { gaugeMm: 7.5 }).thenRefused('thicker-than-mother', { mostMm: 0.3 })
    const painted = (coatingKg: number) =>
      given(...started('coat')).when(completing({ outputs: [out('N-1', 10_200, { gaugeMm: 7.05 })], coatingKg }))
    painted(0).thenRefused('mass-out-of-balance', { differenceKg: -200 })
    expect(painted(190).facts[0]!.data).toMatchObject({ balance: { differenceKg: -200 }, coatingKg: 190 })
    one('coat', { gaugeMm: 6.9, widthMm: 1200 }).thenRefusedBy('gauge-changed', 'width-changed')
  })

  it('rule 5: coating explains no more weight than paint can have on strip of that gauge', () => {
    const painted = (coatingKg: number) =>
      given(...started('coat')).when(
        completing({ outputs: [out('N-1', 10_000 + coatingKg, { gaugeMm: 7.3 })], coatingKg }),
      )
    expect(painted(316).facts).not.toEqual([])
    painted(317).thenRefused('coating-too-heavy', { coatingKg: 317, mostKg: 316 })
    painted(10_000).thenRefusedBy('coating-too-heavy')
  })

  it('edge-trimming narrows', () => {
    recorded('edge-trim', { widthMm: 1220 })
    one('edge-trim', {}).thenRefusedBy('not-narrower')
    one('edge-trim', { widthMm: 1220, gaugeMm: 6 }).thenRefusedBy('gauge-changed')
  })

  it('dividing cuts the length only', () => {
    const outputs = [out('D-1', 5000), out('D-2', 5000)]
    expect(given(...started('divide')).when(completing({ outputs })).facts).not.toEqual([])
    one('divide', { widthMm: 1200 }).thenRefusedBy('width-changed')
    one('divide', { gaugeMm: 7.1 }).thenRefusedBy('gauge-changed')
  })

  it('cutting to length makes packs of sheets as wide as the strip', () => {
    const { facts } = one('cut-to-length', { lengthMm: 2500, sheets: 168 })
    expect(facts[2]!.data).toMatchObject({
      coil: 'N-1',
      product: { form: 'pack', widthMm: 1250, lengthMm: 2500, sheets: 168, innerDiameterMm: undefined },
    })
    one('cut-to-length', { lengthMm: 2500 }).thenRefusedBy('sheets-missing')
    one('cut-to-length', { lengthMm: 2500, sheets: 168, widthMm: 1240 }).thenRefusedBy('width-changed')
    one('cut-to-length', { lengthMm: 2500, sheets: 100 }).thenRefusedBy('weight-implausible')
    one('level', { lengthMm: 2500, sheets: 2 }).thenRefusedBy('not-sheets')
  })

  it('one-to-one steps make one coil of one, of each of several mothers', () => {
    given(...started('roll'))
      .when(completing({ outputs: [out('R-1', 5000, { gaugeMm: 3 }), out('R-2', 5000, { gaugeMm: 3 })] }))
      .thenRefused('one-product-per-mother', { mother: 'AZ-1', coil: 'R-2', other: 'R-1' })
    const outputs = [
      out('R-1', 10_000, { gaugeMm: 3, from: [{ coil: 'AZ-1' }] }),
      out('R-2', 8000, { gaugeMm: 3, from: [{ coil: 'AZ-2' }] }),
    ]
    expect(given(...started('roll', two)).when(completing({ outputs })).facts).not.toEqual([])
  })
})

describe('joining', () => {
  it('makes one coil of all, in proportion to their weights', () => {
    const { facts } = given(...started('join', two)).when(completing({ outputs: [out('J-1', 17_991)] }))
    expect(facts.find((fact) => fact.type === 'CoilProduced')?.data).toMatchObject({
      from: [
        { coil: 'AZ-1', kg: 9995 },
        { coil: 'AZ-2', kg: 7996 },
      ],
      melts: ['G26-3107', 'G26-3108'],
    })
  })

  it('takes what is left of a mother when a remnant goes back', () => {
    const { facts } = given(...started('join', two)).when(
      completing({ outputs: [out('J-1', 13_000), out('J-2', 5000, { remnant: true, from: [{ coil: 'AZ-2' }] })] }),
    )
    expect(facts.find((fact) => fact.type === 'CoilProduced')?.data).toMatchObject({
      from: [
        { coil: 'AZ-1', kg: 10_000 },
        { coil: 'AZ-2', kg: 3000 },
      ],
    })
  })

  it('believes the kg that are told of each, if they sum up and are told of all', () => {
    const join = (...kg: (number | undefined)[]) =>
      given(...started('join', two)).when(
        completing({
          outputs: [out('J-1', 18_000, { from: ['AZ-1', 'AZ-2'].map((coil, i) => ({ coil, kg: kg[i] })) })],
        }),
      )
    expect(join(10_010, 7990).facts[1]!.data).toMatchObject({ into: [{ kg: 10_010 }], differenceKg: -10 })
    join(10_000, 7000).thenRefused('from-does-not-sum', { fromKg: 17_000, netWeightKg: 18_000 })
    join(10_000).thenRefusedBy('from-incomplete')
  })

  it('is refused of one coil, of one named twice, and of a stranger', () => {
    const join = (...from: string[]) =>
      given(...started('join', two)).when(
        completing({ outputs: [out('J-1', 18_000, { from: from.map((coil) => ({ coil })) })] }),
      )
    join('AZ-1').thenRefused('join-needs-two', { mothers: ['AZ-1'] })
    join('AZ-1', 'AZ-1').thenRefusedBy('coil-named-twice')
    join('AZ-1', 'AZ-7').thenRefusedBy('coil-not-in-order')
  })

  it('rule 6: keeps gauge and width, which its mothers share', () => {
    const narrow = [mother(), mother({ coil: 'AZ-2', product: strip({ widthMm: 1200, gaugeMm: 5 }) })]
    given(...started('join', narrow))
      .when(completing({ outputs: [out('J-1', 20_000)] }))
      .thenRefusedBy('gauge-changed', 'width-changed')
  })

  it('rule 7: of two alloys and owners needs a mixed order that says what comes out, and title goes over by an event', () => {
    const both = [mother(), mother({ coil: 'AZ-2', owner: 'ALRO', product: strip({ alloy: 'EN AW-1050A' }) })]
    given(...started('join', both))
      .when(completing({ outputs: [out('J-1', 20_000)] }))
      .thenRefusedBy('alloys-differ', 'owners-differ')
    given(...started('join', both, mixed))
      .when(completing({ outputs: [out('J-1', 20_000)] }))
      .thenRefusedBy('alloy-missing', 'owner-missing')
    given(...started('join', both, mixed))
      .when(completing({ outputs: [out('J-1', 20_000, { alloy: 'EN AW-3003', owner: 'OTHER' })] }))
      .thenRefusedBy('alloy-changed', 'owner-changed')
    given(...started('join', both, mixed))
      .when(completing({ outputs: [out('J-1', 20_000, { alloy: 'EN AW-8011A', owner: 'ALRO' })] }))
      .thenRecorded(
        { type: 'ProcessOrderCompleted' },
        {
          type: 'TitleTransferred',
          data: { coil: 'AZ-1', from: 'AZAL', to: 'ALRO', holder: 'ALRO', reason: mixed.reason },
        },
        { type: 'CoilConsumed', data: { coil: 'AZ-1', owner: 'ALRO' } },
        { type: 'CoilConsumed', data: { coil: 'AZ-2', owner: 'ALRO' } },
        { type: 'CoilProduced', data: { owner: 'ALRO', product: { alloy: 'EN AW-8011A' } } },
        { type: 'CoilStored' },
      )
  })

  it('does not divide the title of a coil between two owners', () => {
    const both = [mother(), mother({ coil: 'AZ-2', owner: 'ALRO' })]
    const outputs = [
      out('J-1', 15_000, { owner: 'ALRO' }),
      out('J-2', 5000, { remnant: true, from: [{ coil: 'AZ-1' }] }),
    ]
    given(...started('join', both, mixed))
      .when(completing({ outputs }))
      .thenRefused('title-divided', { coil: 'AZ-1', owners: ['ALRO', 'AZAL'] })
  })
})
