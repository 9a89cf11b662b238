import { setTimeout as sleep } from 'node:timers/promises'
import { ReadTogether } from './read-together.js'

/** A server that answers when told to, and notes which streams each statement asked for. */
function server() {
  const statements: { streams: string[]; answer: () => void }[] = []
  const together = new ReadTogether((reads) => {
    const { promise, resolve } = Promise.withResolvers<never[]>()
    statements.push({ streams: reads.map(({ stream }) => stream), answer: () => resolve([]) })
    return promise
  })
  return { statements, read: (stream: string) => together.read([{ stream }]) }
}

const turn = () => new Promise(setImmediate)

describe('reading together', () => {
  it('answers all who ask in one turn of the event loop by one statement', async () => {
    const { statements, read } = server()
    const reads = ['a', 'b', 'c'].map(read)
    await turn()
    expect(statements.map(({ streams }) => streams)).toEqual([['a', 'b', 'c']])
    statements[0]!.answer()
    await Promise.all(reads)
  })

  it('asks once for what several want from the same revision on', async () => {
    const { statements, read } = server()
    const reads = ['busy', 'busy', 'a', 'busy'].map(read)
    await turn()
    expect(statements.map(({ streams }) => streams)).toEqual([['busy', 'a']])
    statements[0]!.answer()
    expect((await Promise.all(reads)).map((found) => [...found.keys()])).toEqual([['busy'], ['busy'], ['a'], ['busy']])
  })

  it('lets those who ask meanwhile wait for the next statement, together', async () => {
    const { statements, read } = server()
    const first = read('a')
    await turn()
    const second = read('b')
    await turn()
    const third = read('c')
    await turn()
    expect(statements).toHaveLength(1)
    statements[0]!.answer()
    await first
    await turn()
    expect(statements.map(({ streams }) => streams)).toEqual([['a'], ['b', 'c']])
    statements[1]!.answer()
    await Promise.all([second, third])
  })

  it('keeps nobody waiting for long behind a statement that takes long', async () => {
    const { statements, read } = server()
    const long = read('a history of years')
    await turn()
    const short = read('b')
    await sleep(150)
    expect(statements.map(({ streams }) => streams)).toEqual([['a history of years'], ['b']])
    statements[1]!.answer()
    await short
    statements[0]!.answer()
    await long
  })
})
