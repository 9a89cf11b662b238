import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Parser } from '@asyncapi/parser'
import { allEvents, type PlantFact } from '#domain/events'
import { exampleOf } from './asyncapi.js'
import { ROOT } from './documents.js'

interface Validate {
  (value: unknown): boolean
  readonly errors?: unknown
}

interface Ajv {
  addSchema(schema: object, name: string): void
  getSchema(reference: string): Validate | undefined
}

/** The validator that the parser stands on: a consumer's judgement, not that of the schemas' maker. */
const ofParser = createRequire(createRequire(import.meta.url).resolve('@asyncapi/parser'))
const { default: Validator } = ofParser('ajv') as { default: new (options: object) => Ajv }
const { default: addFormats } = ofParser('ajv-formats') as { default: (ajv: Ajv) => void }

const types = Object.keys(allEvents) as PlantFact['type'][]

describe('The AsyncAPI document', () => {
  let text: string
  beforeAll(async () => {
    text = await readFile(join(ROOT, 'docs/asyncapi.json'), 'utf8')
  })

  it('is one, with a message for every version of every event', async () => {
    const { document, diagnostics } = await new Parser().parse(text)
    expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([])
    const names = document!
      .allMessages()
      .all()
      .map((message) => message.id())
    const versions = types.flatMap((type) => allEvents[type].history.map((_, i) => `${type}.${i + 1}`))
    expect(names.toSorted()).toEqual(versions.toSorted())
    const [channel] = document!.allChannels().all()
    expect(channel!.address()).toBe('coiltrail.events')
    for (const word of ['Order', 'Repeated', 'kept', 'Partitions']) expect(channel!.description()).toContain(word)
  })

  describe('takes the messages that the relay makes', () => {
    let validator: (message: string, part: 'headers' | 'payload') => Validate
    beforeAll(() => {
      const ajv = new Validator({ strict: false })
      addFormats(ajv)
      ajv.addSchema(JSON.parse(text), 'topic')
      validator = (message, part) => ajv.getSchema(`topic#/components/messages/${message}/${part}`)!
    })

    it.each(types)('of %s, and no other event as such', (type) => {
      const name = `${type}.${allEvents[type].history.length}`
      const [headers, payload] = [validator(name, 'headers'), validator(name, 'payload')]
      const message = exampleOf(type)
      expect([headers(message.headers), headers.errors]).toEqual([true, null])
      expect([payload(message.payload), payload.errors]).toEqual([true, null])
      expect(headers({ ...message.headers, ce_type: 'CoilTurnedToGold' })).toBe(false)
      expect(headers({ ...message.headers, ce_previous: 'none' })).toBe(false)
      expect(payload({})).toBe(false)
      for (const missing of ['ce_id', 'ce_position', 'ce_revision', 'content-type']) {
        const { [missing]: _, ...rest } = message.headers
        expect(headers(rest)).toBe(false)
      }
    })
  })
})
