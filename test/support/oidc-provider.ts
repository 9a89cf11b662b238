/**
 * A real identity provider (oidc-provider) in the process of a spec, with its own pages for login and consent. It is
 * reached through a proxy, which can alter, delay or swallow what it answers as somebody on the way would.
 */
import { generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type ClientMetadata, type Configuration, type JWK, Provider } from 'oidc-provider'

export const CLIENT_ID = 'coiltrail'
export const CLIENT_SECRET = 'kept-between-these-two-and-in-no-log'

export interface Answered {
  status: number
  headers: Record<string, string>
  body: string
}

/** What comes instead of the answer; undefined lets it pass. */
export type Tampering = (path: string, answer: Answered) => Answered | undefined | Promise<Answered | undefined>

export interface TestProvider {
  readonly issuer: string
  /** What it says of people, by the name that they log in with. */
  readonly people: Map<string, Record<string, unknown>>
  /** Everything secret that went through: codes, tokens, verifiers. */
  readonly secrets: Set<string>
  /** Paths asked for, in their order. */
  readonly asked: string[]
  tamper: Tampering | undefined
  /** Takes the connection and does not answer. */
  silent: boolean
  /** Lets Coiltrail's callback be used; needed before anybody signs in. */
  know(callback: string): Promise<void>
  /** A new signing key; the old one is forgotten. */
  rotate(): Promise<void>
  /** The private key that it signs with now. */
  key(): JWK
  close(): Promise<void>
  /** Listens again where it did. */
  open(): Promise<void>
}

/** @param client what is registered of Coiltrail beside its name and address; with its secret when left out */
export async function testProvider(
  settings: Partial<Configuration> = {},
  client: Partial<ClientMetadata> = { client_secret: CLIENT_SECRET },
): Promise<TestProvider> {
  let behind: Server | undefined
  let callback = ''
  let key = newKey()
  const secrets = new Set<string>([CLIENT_SECRET])
  const people = new Map<string, Record<string, unknown>>()
  const front = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch((error) => outgoing.writeHead(500).end(String(error)))
  })
  await listen(front, 0)
  const port = portOf(front)
  // Another site than 127.0.0.1, where Coiltrail listens: to a browser they are strangers.
  const issuer = `http://localhost:${port}`

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url!.split('?', 1)[0]!
    provider.asked.push(path)
    if (provider.silent || !behind) return
    const asked = await textOf(incoming)
    remember(secrets, asked)
    const answer = await forward(portOf(behind), incoming, asked)
    remember(secrets, answer.body)
    remember(secrets, String(answer.headers.location ?? '').split('?')[1] ?? '')
    const { status, headers, body } = (await provider.tamper?.(path, answer)) ?? answer
    const { 'content-length': _, 'transfer-encoding': __, ...rest } = headers
    outgoing.writeHead(status, { ...rest, 'content-length': Buffer.byteLength(body) }).end(body)
  }

  const start = async () => {
    behind?.closeAllConnections()
    behind?.close()
    behind = createServer(
      real({ ...configurationFor({ ...client, redirect_uris: [callback] }, key, people), ...settings }).callback(),
    )
    await listen(behind, 0)
  }

  const real = (configuration: Configuration) => {
    const { warn } = console
    // Of what a spec wants: pages for trying, and everything in memory.
    console.warn = () => {}
    try {
      return new Provider(issuer, configuration)
    } finally {
      console.warn = warn
    }
  }

  const provider: TestProvider = {
    issuer,
    people,
    secrets,
    asked: [],
    tamper: undefined,
    silent: false,
    async know(address) {
      callback = address
      await start()
    },
    async rotate() {
      key = newKey()
      await start()
    },
    key: () => key,
    async close() {
      behind?.closeAllConnections()
      behind?.close()
      front.closeAllConnections()
      await new Promise((closed) => front.close(closed))
    },
    async open() {
      await start()
      await listen(front, port)
    },
  }
  return provider
}

function configurationFor(client: Partial<ClientMetadata>, key: JWK, people: TestProvider['people']): Configuration {
  return {
    clients: [{ client_id: CLIENT_ID, response_types: ['code'], ...client }],
    jwks: { keys: [key] },
    cookies: { keys: ['of the provider of a spec'] },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'company', 'realm_access'] },
    conformIdTokenClaims: false,
    findAccount: (_context, login) =>
      people.has(login) ? { accountId: login, claims: () => ({ sub: login, ...people.get(login) }) } : undefined,
    ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 60, Session: 60, Grant: 60 },
  }
}

let keys = 0
export function newKey(): JWK {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { ...(privateKey.export({ format: 'jwk' }) as JWK), alg: 'RS256', use: 'sig', kid: `key-${++keys}` }
}

const SECRET = new Set(['code', 'access_token', 'id_token', 'refresh_token', 'code_verifier', 'client_secret'])

function remember(secrets: Set<string>, text: string): void {
  const pairs = text.startsWith('{') ? Object.entries(JSON.parse(text)) : new URLSearchParams(text)
  for (const [name, value] of pairs) if (SECRET.has(name) && typeof value === 'string') secrets.add(value)
}

function forward(port: number, { method, url, headers }: IncomingMessage, body: string): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const onward = request({ port, host: '127.0.0.1', method, path: url, headers, agent: false }, (answer) => {
      textOf(answer).then(
        (text) =>
          resolve({ status: answer.statusCode!, headers: answer.headers as Record<string, string>, body: text }),
        reject,
      )
    })
    onward.on('error', reject)
    onward.end(body)
  })
}

async function textOf(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

const listen = (server: Server, port: number) =>
  new Promise<void>((listening) => server.listen(port, 'localhost', listening))
const portOf = (server: Server) => (server.address() as { port: number }).port
