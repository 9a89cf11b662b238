import { randomUUID } from 'node:crypto'
import { Kafka as CloudEventsKafka } from 'cloudevents'
import type { KafkaMessage } from 'kafkajs'
import type { RecordedEvent } from '#event-store/event-store'
import { eventOf, messageOf } from './message.js'

const event: RecordedEvent = {
  id: randomUUID(),
  stream: 'coil-AZ-261107-001',
  revision: 3,
  position: 9_223_372_036_854_775_807n,
  type: 'CoilMoved',
  data: { coil: 'AZ-261107-001', from: 'YARD', to: 'Bobină "nr. 7" \u0000 铝' },
  metadata: {
    actor: 'Ștefan',
    commandId: 'k-1',
    schemaVersion: '2',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  },
  recordedAt: new Date('2026-11-07T06:30:04.120Z'),
}

/** As the broker gives it back: bytes. */
function received(of: RecordedEvent, previous: bigint): KafkaMessage {
  const { key, value, headers } = messageOf(of, previous)
  return {
    key: Buffer.from(key as string),
    value: Buffer.from(value as string),
    headers: Object.fromEntries(Object.entries(headers!).map(([name, text]) => [name, Buffer.from(text as string)])),
  } as KafkaMessage
}

describe('An event on the topic', () => {
  it('comes back as it was', () => {
    expect(eventOf(received(event, 17n))).toEqual({ ...event, previous: 17n })
  })

  it('is a CloudEvent to others who read such', () => {
    const { value, headers } = received(event, 17n)
    const texts = Object.fromEntries(Object.entries(headers!).map(([name, bytes]) => [name, String(bytes)]))
    const message = { headers: texts, body: undefined, value: String(value), key: event.stream, timestamp: '' }
    const read = CloudEventsKafka.toEvent(message)
    expect(read).toMatchObject({
      specversion: '1.0',
      id: event.id,
      type: 'CoilMoved',
      source: '/coiltrail',
      subject: event.stream,
      datacontenttype: 'application/json',
      time: '2026-11-07T06:30:04.120Z',
      position: '9223372036854775807',
      previous: '17',
      revision: '3',
      schemaversion: '2',
      traceparent: event.metadata.traceparent,
      data: event.data,
    })
  })

  it.each<[string, (message: KafkaMessage) => void, RegExp]>([
    ['no header at all', (m) => Object.assign(m, { headers: undefined }), /ce_specversion is missing/],
    [
      'another version of CloudEvents',
      (m) => Object.assign(m.headers!, { ce_specversion: '0.3' }),
      /is 0\.3, not 1\.0/,
    ],
    ['a position that is none', (m) => Object.assign(m.headers!, { ce_position: '-1' }), /ce_position is "-1"/],
    ['the key of another stream', (m) => Object.assign(m, { key: Buffer.from('coil-X') }), /the key is coil-X/],
    ['no value', (m) => Object.assign(m, { value: null }), /the value is no JSON object/],
    ['metadata that are not JSON', (m) => Object.assign(m.headers!, { metadata: '{' }), /metadata is no JSON object/],
    ['a time that is none', (m) => Object.assign(m.headers!, { ce_time: 'noon' }), /no instant: noon/],
  ])('is refused with %s', (_, spoil, words) => {
    const message = received(event, 17n)
    spoil(message)
    expect(() => eventOf(message)).toThrow(words)
  })
})
