/**
 * What a connection string says of servers and TLS, and whether the client would read it as it is meant: the client
 * cuts a password at its second `:`, and what it says of an option that it does not know has the password in it.
 */
import { readFileSync } from 'node:fs'

export interface Way {
  /** host:port, several of them with commas between. */
  readonly address: string
  readonly tls: Tls
}

export interface Tls {
  readonly on: boolean
  /** Certificates of those to trust, as PEM; those that Node.js trusts if left out. */
  readonly authority?: string
}

export class ConnectionStringError extends Error {
  constructor() {
    super(
      'the connection string of KurrentDB is not like kurrentdb://user:password@host:2113?tls=true, ' +
        'with : / ? # @ % of a password written as %3A %2F %3F %23 %40 %25',
    )
  }
}

const SHAPE = /^[a-z+]+:\/\/(?:[^:/?#@]+:[^:/?#@]+@)?([^/?#@]+)\/*(?:\?([^@]*))?$/
/** Those of the client, as it reads them: without regard to case, `-` and `_`. */
const OPTIONS = [
  ...['tls', 'tlsVerifyCert', 'tlsCAFile', 'userCertFile', 'userKeyFile', 'connectionName', 'defaultDeadline'],
  ...['maxDiscoverAttempts', 'discoveryInterval', 'gossipTimeout', 'nodePreference', 'throwOnAppendFailure'],
  ...['keepAliveInterval', 'keepAliveTimeout'],
]
const flat = (name: string) => name.toLowerCase().replaceAll(/[-_\s]/g, '')

/** @throws Error in a sentence that does not repeat the connection string, which may hold a password */
export function wayOf(connectionString: string): Way {
  const [, address, query = ''] = SHAPE.exec(connectionString) ?? []
  if (!address) throw new ConnectionStringError()
  const options = optionsOf(query)
  const on = options.get('tls') !== 'false'
  const file = options.get('tlscafile')
  return { address, tls: { on, ...(on && file && { authority: readAuthority(file) }) } }
}

function optionsOf(query: string): ReadonlyMap<string, string> {
  const given = query.split('&').map((option) => option.split('=', 2) as [string, string?])
  const known = new Set(OPTIONS.map(flat))
  const unknown = given.map(([name]) => name).filter((name) => name !== '' && !known.has(flat(name)))
  if (unknown.length > 0) {
    throw new Error(
      `the connection string of KurrentDB has an unknown option: ${unknown.join(', ')}; known are ${OPTIONS.join(', ')}`,
    )
  }
  return new Map(given.map(([name, value = '']) => [flat(name), value.trim()]))
}

/** With a file that has no certificate in it the client would trust nobody, and not say why. */
function readAuthority(file: string): string {
  const where = 'tlsCAFile in the connection string of KurrentDB'
  let pem: string
  try {
    pem = readFileSync(decodeURIComponent(file), 'utf8')
  } catch (error) {
    throw new Error(`${where} cannot be read: ${(error as Error).message}`)
  }
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${where}, ${file}, has no certificate (PEM) in it`)
  return pem
}
