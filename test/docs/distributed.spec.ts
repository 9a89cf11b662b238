import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { configSchema, SECRETS } from '#platform/config'
import { ROOT } from './documents.js'
import { blocks } from './pages.js'

const run = promisify(execFile)

interface Composition {
  readonly services: Record<string, { volumes?: string[] }>
  readonly volumes: object
  readonly secrets: Record<string, { file: string }>
}
const composition = async (name: string) =>
  parse(await readFile(join(ROOT, 'docker', name), 'utf8'), { merge: true }) as Composition

/** Words of Compose behind which containers are named. */
const NAMING = ['exec', 'stop', 'start', 'restart', 'up', 'logs']
/** Its options that are followed by a value. */
const WITH_VALUE = ['-e', '--scale']

describe('The guide to the distributed profile', () => {
  let page: string
  let single: Composition
  let cluster: Composition
  beforeAll(async () => {
    page = await readFile(join(ROOT, 'docs/distributed.md'), 'utf8')
    single = await composition('compose.yaml')
    cluster = await composition('compose.cluster.yaml')
  })

  it('has commands that a shell understands', async () => {
    const commands = blocks(page, 'sh')
    expect(commands.length).toBeGreaterThan(8)
    for (const command of commands) await run('bash', ['-n', '-c', command])
  })

  it('names no container that there is not', () => {
    const code = [...blocks(page, 'sh'), ...[...page.matchAll(/`([^`\n]+)`/g)].map(([, words]) => words!)]
    const named = code.join('\n').replaceAll('\\\n', ' ').split('\n').flatMap(containersOf)
    expect(named.length).toBeGreaterThan(15)
    expect(named.filter((name) => !Object.hasOwn(single.services, name))).toEqual([])
  })

  it('tells of every volume and every secret', () => {
    for (const volume of Object.keys(single.volumes)) expect(page).toContain(`\`coiltrail_${volume}\``)
    const secrets = [single, cluster].flatMap(({ secrets }) => Object.values(secrets))
    expect(secrets.length).toBeGreaterThan(10)
    for (const { file } of secrets) expect(page).toContain(`\`${file.replace('secrets/', '')}\``)
  })

  it('names no setting that there is not', () => {
    const known = [
      ...Object.keys(configSchema.shape),
      ...SECRETS.map((secret) => `${secret}_FILE`),
      // Of docker/compose.yaml itself.
      'COILTRAIL_LISTEN',
      'COILTRAIL_PUBLIC_URL',
      'COILTRAIL_VERSION',
    ]
    const named = [...page.matchAll(/\b(?:COILTRAIL|KAFKA|KURRENTDB|DATABASE|IDENTITY)_[A-Z_]+\b/g)].map(
      ([name]) => name,
    )
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })

  it('works with images that the compose files have', async () => {
    const compose = await readFile(join(ROOT, 'docker/compose.yaml'), 'utf8')
    const [image] = /postgres:\d[\w.-]+/.exec(page)!
    expect(compose).toContain(`image: ${image}\n`)
  })
})

/** `dc exec -T postgres pg_dump ...` -> `postgres` */
function containersOf(line: string): string[] {
  return [...line.matchAll(/\bdc (\w+) ([^;&|<>]*)/g)].flatMap(([, verb, rest]) => {
    if (!NAMING.includes(verb!)) return []
    const words = rest!.trim().split(/\s+/)
    const names = words.filter((word, i) => word && !word.startsWith('-') && !WITH_VALUE.includes(words[i - 1] ?? ''))
    return verb === 'exec' ? names.slice(0, 1) : names
  })
}
