import { type FoundTopic, faultsOf, hasLostEvents, warningsOf } from './topic-contract.js'

const asMade = {
  'cleanup.policy': 'delete',
  'retention.ms': '2592000000',
  'retention.bytes': '-1',
  'max.message.bytes': '4194304',
  'min.insync.replicas': '2',
  'unclean.leader.election.enable': 'false',
}

function topic(settings: Partial<typeof asMade> = {}, of: Partial<FoundTopic> = {}): FoundTopic {
  const all = new Map(Object.entries({ ...asMade, ...settings }))
  return { name: 't', partitions: 12, replicas: 3, settings: all, ends: new Map(), ...of }
}

describe('A topic', () => {
  it('as the relay makes it is taken, whether or not it was published to before', () => {
    expect(faultsOf(topic(), undefined)).toEqual([])
    expect(faultsOf(topic(), 12)).toEqual([])
    expect(warningsOf(topic())).toEqual([])
  })

  it.each<[string, Partial<typeof asMade>]>([
    ['for ever', { 'retention.ms': '-1' }],
    ['for seven days', { 'retention.ms': '604800000' }],
  ])('that keeps events %s is taken', (_, settings) => {
    expect(faultsOf(topic(settings), 12)).toEqual([])
  })

  it.each<[string, Partial<typeof asMade>, RegExp]>([
    [
      'is compacted',
      { 'cleanup.policy': 'compact' },
      /^cleanup\.policy of topic t is compact, .*: set it to delete\.$/,
    ],
    ['is compacted as well as cut', { 'cleanup.policy': 'compact,delete' }, /is compact,delete, /],
    [
      'keeps events for less than seven days',
      { 'retention.ms': '518400000' },
      /^retention\.ms of topic t is 518400000, which is 6 days and would lose unread events: set it to 604800000 /,
    ],
    ['is cut by size', { 'retention.bytes': '1073741824' }, /^retention\.bytes of topic t is 1073741824, .* to -1\.$/],
    ['does not take the largest event', { 'max.message.bytes': '500000' }, /^max\.message\.bytes .* is 500000, /],
  ])('that %s is refused, with the value and what to do', (_, settings, words) => {
    expect(faultsOf(topic(settings), 12)).toEqual([expect.stringMatching(words)])
  })

  it('with other partitions than at first is refused, in both directions', () => {
    for (const partitions of [6, 24]) {
      expect(faultsOf(topic({}, { partitions }), 12)).toEqual([
        expect.stringMatching(new RegExp(`has ${partitions} partitions and had 12 .*set KAFKA_TOPIC to a new name`)),
      ])
    }
  })

  it('with several faults is told all of them', () => {
    expect(faultsOf(topic({ 'cleanup.policy': 'compact', 'retention.ms': '1' }, { partitions: 1 }), 12)).toHaveLength(3)
  })

  it('that may lose what it has acknowledged is taken with a warning', () => {
    expect(warningsOf(topic({ 'min.insync.replicas': '1' }))).toEqual([expect.stringContaining('min.insync.replicas')])
    expect(warningsOf(topic({ 'min.insync.replicas': '1' }, { replicas: 1 }))).toEqual([])
    expect(warningsOf(topic({ 'unclean.leader.election.enable': 'true' }))).toHaveLength(1)
  })

  it('has lost events when a partition ends before one that was acknowledged there', () => {
    const ends = new Map([
      [0, 5n],
      [1, 0n],
    ])
    expect(hasLostEvents(topic({}, { ends }), new Map())).toBe(false)
    expect(hasLostEvents(topic({}, { ends }), new Map([[0, 4n]]))).toBe(false)
    expect(hasLostEvents(topic({}, { ends }), new Map([[0, 5n]]))).toBe(true)
    expect(hasLostEvents(topic({}, { ends }), new Map([[1, 0n]]))).toBe(true)
    expect(hasLostEvents(topic({}, { ends }), new Map([[7, 0n]]))).toBe(true)
  })
})
