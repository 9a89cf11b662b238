import 'reflect-metadata'
import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type DynamicModule, RequestMethod, type Type } from '@nestjs/common'
import { METHOD_METADATA, MODULE_METADATA, PATH_METADATA } from '@nestjs/common/constants.js'
import pg from 'pg'
import { parse } from 'yaml'
import { InventoryModule } from '#apps/inventory/src/inventory.module'
import { OperationsModule } from '#apps/operations/src/operations.module'
import { RelayModule } from '#apps/relay/src/relay.module'
import { ThroughputModule } from '#apps/throughput/src/throughput.module'
import { configSchema, SECRETS } from '#platform/config'
import { routeOf } from '#test/local/routes'
import { notRun } from '#test/support/not-run'
import { ROOT } from './documents.js'

const run = promisify(execFile)
const DOCKER = join(ROOT, 'docker')
const COMPOSE = ['compose.yaml', 'compose.cluster.yaml']
const APPS: Record<string, Type> = {
  operations: OperationsModule,
  relay: RelayModule,
  inventory: InventoryModule,
  throughput: ThroughputModule,
}

interface Service {
  readonly image?: string
  readonly build?: object
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly command?: readonly string[]
  readonly healthcheck?: object
  readonly ports?: readonly string[]
  readonly environment?: Readonly<Record<string, unknown>>
  readonly secrets?: readonly (string | { source: string })[]
}
interface Composition {
  readonly services: Readonly<Record<string, Service>>
  readonly secrets: Readonly<Record<string, { file: string }>>
}

const read = (name: string) => readFile(join(DOCKER, name), 'utf8')
const composition = async (name: string) => parse(await read(name), { merge: true }) as Composition
const there = (program: string, ...words: string[]) =>
  run(program, words).then(
    () => true,
    () => false,
  )

describe('The compose files', () => {
  let single: Composition
  let cluster: Composition
  beforeAll(async () => {
    single = await composition('compose.yaml')
    cluster = await composition('compose.cluster.yaml')
  })

  it('are what Docker Compose understands, alone and together', async () => {
    if (!(await there('docker', 'compose', 'version'))) {
      notRun('the compose files, read by Docker Compose', 'there is no docker compose')
      return
    }
    for (const files of [COMPOSE.slice(0, 1), COMPOSE]) {
      const words = files.flatMap((file) => ['--file', join(DOCKER, file)])
      await run('docker', ['compose', ...words, 'config', '--quiet'])
    }
  })

  it('name every image by an exact version', () => {
    const images = Object.entries(single.services).filter(([name]) => !(name in APPS))
    expect(images.length).toBeGreaterThan(3)
    for (const [name, { image }] of images) expect([name, image]).toEqual([name, expect.stringMatching(/:\d+\.\d+/)])
  })

  it('run every app by a user without rights, on files that it cannot change, and look at its health', async () => {
    expect(await read('Dockerfile')).toMatch(/^HEALTHCHECK .*\n.*\/api\/health\/ready/m)
    for (const app of Object.keys(APPS)) {
      expect(single.services[app]).toMatchObject({ user: 'node', read_only: true, cap_drop: ['ALL'], init: true })
    }
    const others = Object.entries(single.services).filter(([name]) => !(name in APPS))
    expect(others.filter(([, { healthcheck }]) => !healthcheck)).toEqual([])
  })

  it('let nobody in but by the proxy, and by that from this machine only unless told', () => {
    const open = Object.entries(single.services).filter(([, { ports }]) => ports)
    const fromHere = expect.stringMatching(/^\$\{COILTRAIL_LISTEN:-127\.0\.0\.1:8080\}:8080$/)
    expect(open.map(([name, { ports }]) => [name, ports])).toEqual([['proxy', [fromHere]]])
  })

  it('set nothing that apps do not know', () => {
    const known = [...Object.keys(configSchema.shape), ...SECRETS.map((secret) => `${secret}_FILE`)]
    for (const { services } of [single, cluster]) {
      for (const app of Object.keys(APPS)) {
        const set = Object.keys(services[app]?.environment ?? {})
        expect([app, set.filter((name) => !known.includes(name))]).toEqual([app, []])
      }
    }
  })

  it('start in each container the app that it is called after', async () => {
    const [, byDefault] = /^CMD \["(.*)"\]/m.exec(await read('Dockerfile'))!
    for (const app of Object.keys(APPS)) {
      expect(single.services[app]?.command?.[0] ?? byDefault).toBe(`dist/apps/${app}/src/main.js`)
    }
  })

  it('give each container the secrets that it reads, and no others of the apps', () => {
    for (const app of Object.keys(APPS)) {
      const { environment = {}, secrets = [] } = single.services[app]!
      const files = Object.values(environment).filter((value) => String(value).startsWith('/run/secrets/'))
      const wanted = files.map((file) => String(file).slice('/run/secrets/'.length))
      expect([app, [...secrets].sort()]).toEqual([app, [...wanted, 'kurrentdb_ca'].sort()])
    }
  })

  it('take the secrets that the script makes, which makes them once', async () => {
    if (!(await there('openssl', 'version'))) {
      notRun('the script that makes secrets', 'there is no openssl')
      return
    }
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-secrets-'))
    await mkdir(join(folder, 'secrets'))
    await cp(join(DOCKER, 'make-secrets.sh'), join(folder, 'make-secrets.sh'))
    await run('sh', [join(folder, 'make-secrets.sh')])
    const made = await contents(join(folder, 'secrets'))
    await run('sh', [join(folder, 'make-secrets.sh')])
    expect(await contents(join(folder, 'secrets'))).toEqual(made)
    const wanted = [single, cluster].flatMap(({ secrets }) => Object.values(secrets).map(({ file }) => file))
    for (const file of wanted) expect(Object.keys(made)).toContain(file.replace('secrets/', ''))
    await run('openssl', ['verify', '-CAfile', 'kurrentdb_ca', '-purpose', 'sslserver', 'kurrentdb_certificate'], {
      cwd: join(folder, 'secrets'),
    })
    await rm(folder, { recursive: true })
  })
})

describe('The script of PostgreSQL', () => {
  it('makes for each app a database that no other app gets into', async () => {
    const server = new URL(process.env.COILTRAIL_TEST_POSTGRES!)
    const admin = new pg.Client({ connectionString: server.href })
    await admin.connect()
    const { rows } = await admin.query('SELECT rolsuper AS may FROM pg_roles WHERE rolname = current_user')
    if (!rows[0].may || !(await there('psql', '--version'))) {
      notRun('the script that prepares PostgreSQL', 'there is no psql, or the user of DATABASE_URL may not make roles')
      await admin.end()
      return
    }
    const folder = await mkdtemp(join(tmpdir(), 'coiltrail-postgres-'))
    const prefix = `docker_${process.pid}_`
    const owners = ['identity', ...Object.keys(APPS)]
    const urls = owners.map((owner) => {
      const url = new URL(server)
      Object.assign(url, { username: `${prefix}${owner}`, password: `of-${owner}`, pathname: `/${prefix}${owner}` })
      return url.href
    })
    try {
      for (const [i, owner] of owners.entries()) await writeFile(join(folder, `${owner}_database_url`), `${urls[i]}\n`)
      const script = (await read('postgres.sh')).replaceAll('/run/secrets', folder).replaceAll('coiltrail_', prefix)
      const { hostname, port, username, password, pathname } = server
      const environment = { PGHOST: hostname, PGPORT: port, PGPASSWORD: password, PGDATABASE: pathname.slice(1) }
      await run('bash', ['-euc', script], {
        env: { PATH: process.env.PATH, ...environment, POSTGRES_USER: username } as unknown as NodeJS.ProcessEnv,
      })
      for (const url of urls) await canUse(url)
      const strange = Object.assign(new URL(urls[1]!), { pathname: `/${prefix}inventory` })
      await expect(canUse(strange.href)).rejects.toThrow('permission denied for database')
    } finally {
      for (const owner of owners) {
        await admin.query(`DROP DATABASE IF EXISTS ${prefix}${owner} WITH (FORCE)`)
        await admin.query(`DROP ROLE IF EXISTS ${prefix}${owner}`)
      }
      await admin.query(`DROP ROLE IF EXISTS ${prefix}staff, ${prefix}partner`)
      await admin.end()
      await rm(folder, { recursive: true })
    }
  })
})

describe('The proxy', () => {
  let proxy: readonly ProxyRule[]
  beforeAll(async () => {
    proxy = proxyRules(await read('Caddyfile'))
  })
  const appFor = (method: string, path: string) => proxy.find((rule) => rule.takes(method, path))?.app

  it('sends every route to the app that has it', () => {
    const routes = Object.entries(APPS).flatMap(([app, module]) => routesOf(app, module))
    expect(routes.length).toBeGreaterThan(90)
    const shared = routes.filter(({ app, method, path }) =>
      routes.some((other) => other.app !== app && other.method === method && other.path === path),
    )
    // Each app has such a list of its own; by the app's name they are all reached.
    expect([...new Set(shared.map(({ path }) => path))]).toEqual(['/api/projections'])
    for (const { app, method, path } of routes.filter((route) => !shared.includes(route))) {
      expect([method, path, appFor(method, path)]).toEqual([method, path, app])
    }
  })

  it('sends everything where the one for local work does', () => {
    const routes = Object.entries(APPS).flatMap(([app, module]) => routesOf(app, module))
    const pages = ['/sign-in', '/sign-in/page.js', '/invitation', '/account', '/accounts']
    const strange = [
      ...pages,
      '/',
      '/api/docs/swagger-ui.css',
      '/api/openapi.json',
      '/api/nothing',
      '/api/projections/nothing',
    ]
    const asked = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].flatMap((method) =>
      strange.map((path) => ({ method, path })),
    )
    for (const { method, path } of [...routes, ...asked]) {
      for (const prefix of ['', ...Object.keys(APPS).map((app) => `/${app}`)]) {
        const [here, local] = [appFor(method, prefix + path), routeOf(method, prefix + path).app]
        expect([method, prefix + path, here]).toEqual([method, prefix + path, local])
      }
    }
  })

  it('sends to each app by its name what every app has', () => {
    for (const app of Object.keys(APPS)) {
      for (const path of ['/api/health/ready', '/api/docs', '/api/openapi.json', '/api/projections']) {
        expect(appFor('GET', `/${app}${path}`)).toBe(app)
        expect(appFor('GET', path)).toBe('operations')
      }
    }
  })

  it('knows the pages, and sends what nobody has to an app that says so', () => {
    for (const page of ['/', '/sign-in', '/invitation', '/account']) expect(appFor('GET', page)).toBe('operations')
    expect(appFor('GET', '/api/docs/swagger-ui.css')).toBe('operations')
    expect(appFor('GET', '/api/nothing')).toBe('inventory')
    expect(appFor('PATCH', '/api/nothing')).toBe('operations')
  })
})

describe('The image', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coiltrail-image-'))
  })
  afterAll(async () => {
    await run('chmod', ['-R', 'u+w', folder])
    await rm(folder, { recursive: true })
  })

  it('has the Node that everything is tested with', async () => {
    const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8'))
    expect(await read('Dockerfile')).toContain(
      `FROM node:${packages['node_modules/node'].version}-bookworm-slim AS base`,
    )
  })

  it('has all that each app needs to start, as a user without rights on files that nobody can change', async () => {
    const dockerfile = await read('Dockerfile')
    const context = join(folder, 'context')
    const image = join(folder, 'image')
    await mkdir(context)
    await mkdir(image)
    for (const [, path] of (await readFile(join(ROOT, '.dockerignore'), 'utf8')).matchAll(/^!(.*)$/gm)) {
      await cp(join(ROOT, path!), join(context, path!), {
        recursive: true,
        filter: (source) => !source.endsWith('.spec.ts'),
      })
    }
    const [, dependencies] = /RUN (npm ci --omit(?:.*\\\n)*.*)/.exec(dockerfile)!
    const [, build] = /RUN npx --no-install (swc .*)/.exec(dockerfile)!
    for (const file of ['package.json', 'package-lock.json']) await cp(join(context, file), join(image, file))
    const environment = { ...process.env, npm_config_prefer_offline: 'true' }
    try {
      await run('sh', ['-ec', dependencies!], { cwd: image, env: environment })
    } catch (error) {
      if (!/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT/.test(String(error))) throw error
      notRun('what the image is made of', 'npm reaches no registry')
      return
    }
    await symlink(join(ROOT, 'node_modules'), join(context, 'node_modules'))
    await run(join('node_modules', '.bin', build!.split(' ')[0]!), build!.split(' ').slice(1), { cwd: context })
    await cp(join(context, 'dist'), join(image, 'dist'), { recursive: true })
    await cp(process.execPath, join(folder, 'node'))
    await run('chmod', ['-R', 'a-w,a+rX', folder])

    for (const app of Object.keys(APPS)) {
      const said = await asNobody(join(folder, 'node'), ['--enable-source-maps', `dist/apps/${app}/src/main.js`], image)
      expect(said).toContain(`Coiltrail ${app} cannot start. The PostgreSQL of DATABASE_URL cannot be used: `)
    }
    const native = `import { KurrentDBClient } from '@kurrent/kurrentdb-client'
      KurrentDBClient.connectionString('kurrentdb://localhost:1?tls=false'); console.log('native'); process.exit()`
    const said = await asNobody(join(folder, 'node'), ['--input-type=module', '--eval', native], image)
    expect(said).toBe('native\n')
    expect(await megabytes(image)).toBeLessThan(250)
  }, 180_000)
})

async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder)
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])),
  )
}

async function canUse(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE SCHEMA trial').finally(() => client.end())
}

interface Route {
  readonly app: string
  readonly method: string
  readonly path: string
}

/** With the app's own name where a path names a read model: it runs the one that is called as the app is. */
function routesOf(app: string, module: Type): Route[] {
  return [...new Set(controllersOf(module))].flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const handler = controller.prototype[name]
      if (!Reflect.hasMetadata(METHOD_METADATA, handler)) return []
      const paths = [Reflect.getMetadata(PATH_METADATA, controller), Reflect.getMetadata(PATH_METADATA, handler)]
      const path = ['/api', ...paths]
        .join('/')
        .replaceAll(/\/+/g, '/')
        .replace(/(?<=.)\/$/, '')
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler)]!
      return [{ app, method, path: path.replace('/projections/:name', `/projections/${app}`) }]
    }),
  )
}

function controllersOf(module: Type | DynamicModule): Type[] {
  const dynamic: Partial<DynamicModule> = 'module' in module ? module : {}
  const of = dynamic.module ?? (module as Type)
  const listed = (key: string) => (Reflect.getMetadata(key, of) ?? []) as Type[]
  const imports = [...(dynamic.imports ?? []), ...listed(MODULE_METADATA.IMPORTS)] as (Type | DynamicModule)[]
  return [
    ...(dynamic.controllers ?? []),
    ...listed(MODULE_METADATA.CONTROLLERS),
    ...imports.flatMap((imported) => controllersOf(imported)),
  ]
}

interface ProxyRule {
  readonly app: string
  takes(method: string, path: string): boolean
}

/** As Caddy would decide, of the few things that our file says: the first rule that takes a request gets it. */
function proxyRules(caddyfile: string): ProxyRule[] {
  const matchers = new Map(
    [...caddyfile.matchAll(/^\t@(\S+) (path|method) (.*)$/gm)].map(([, name, kind, words]) => {
      const ones = words!.split(' ')
      const takes = (method: string, path: string) =>
        kind === 'method' ? ones.includes(method) : ones.some((one) => isAt(one, path))
      return [name, takes]
    }),
  )
  const rules = [...caddyfile.matchAll(/^\thandle(_path)? (?:@(\S+) |(\/\S+) )?\{\n\t\timport to (\w+)\n\t\}$/gm)]
  expect(rules).toHaveLength(caddyfile.match(/^\thandle(_path)? /gm)!.length)
  return rules.map(([, , matcher, prefix, app]) => ({
    app: app!,
    takes: matcher ? matchers.get(matcher)! : (_, path) => prefix === undefined || isAt(prefix, path),
  }))
}

const isAt = (place: string, path: string) =>
  place.endsWith('*') ? path.startsWith(place.slice(0, -1)) : path === place

/** All that it said until it ended. */
async function asNobody(program: string, words: string[], cwd: string): Promise<string> {
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const env = { NODE_ENV: 'production', PORT: '0', HOST: '0.0.0.0', DATABASE_URL: 'postgres://a:b@127.0.0.1:1/x' }
  const child = spawn(program, words, { cwd, env: { ...env, KAFKA_BROKERS: '127.0.0.1:1' }, ...nobody })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said += chunk
    })
  }
  await new Promise((done) => child.once('close', done))
  return said
}

async function megabytes(folder: string): Promise<number> {
  const { stdout } = await run('du', ['-sm', folder])
  return Number.parseInt(stdout, 10)
}
