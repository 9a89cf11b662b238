import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from './documents.js'
import { blocks, type Page, pages } from './pages.js'

/** Words in code that look like a path of this project. */
const PATH = /^(?:apps|libs|test|docs)\/[\w./-]+\.\w+$|^\.[\w-]+\.\w+$/

describe('The pages for people', () => {
  let all: readonly Page[]
  beforeAll(async () => {
    all = await pages()
  })

  it('link to nothing that is not there', () => {
    const links = all.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ path, target: target! })),
    )
    const own = links.filter(({ target }) => !/^https?:/.test(target))
    expect(own.length).toBeGreaterThan(20)
    const broken = own.filter(({ path, target }) => {
      const [file, anchor] = target.split('#', 2)
      const to = file ? join(dirname(path), file) : path
      if (!existsSync(join(ROOT, to))) return true
      return anchor ? !anchorsOf(all.find((page) => page.path === to)).includes(anchor) : false
    })
    expect(broken).toEqual([])
  })

  it('name no file that is not there', () => {
    const named = all.flatMap(({ path, text }) =>
      [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => (PATH.test(code!) ? [{ path, code: code! }] : [])),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(named.filter(({ code }) => !existsSync(join(ROOT, code)))).toEqual([])
  })

  it('tell of no npm script that is not there', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    const told = all.flatMap(({ path, text }) =>
      [...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, script]) => ({ path, script: script! })),
    )
    expect(told.length).toBeGreaterThan(5)
    expect(told.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([])
  })

  it('hold pictures and shell commands in fences that say so', () => {
    for (const { path, text } of all) {
      for (const picture of blocks(text, 'mermaid')) {
        expect(picture).toMatch(/^(flowchart|sequenceDiagram)\b/)
        // Mermaid takes it for the end of a line.
        expect(picture).not.toContain(';')
      }
      expect([path, [...text.matchAll(/^```/gm)].length % 2]).toEqual([path, 0])
    }
  })
})

/** As GitHub makes them of headings. */
function anchorsOf(page: Page | undefined): string[] {
  return [...(page?.text ?? '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .trim()
      .replaceAll(' ', '-'),
  )
}
