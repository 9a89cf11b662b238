/** Certificates as docker/make-secrets.sh makes them for a first start. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const SCRIPT = resolve(import.meta.dirname, '../../docker/make-secrets.sh')
const HERE = 'DNS:localhost,IP:127.0.0.1'

const run = promisify(execFile)

export interface Certificates {
  /** Path of the authority's certificate: whom clients are to trust. */
  readonly authority: string
  /** Of the server, as PEM. */
  readonly certificate: string
  readonly key: string
  remove(): Promise<void>
}

/** Why none can be made on this machine. */
export async function lacksOpenssl(): Promise<string | undefined> {
  return run('openssl', ['version']).then(
    () => undefined,
    () => 'there is no openssl on the PATH',
  )
}

/**
 * Of an authority of their own: two calls do not trust each other.
 * @param names of the server on this machine, as OpenSSL writes them
 */
export async function makeCertificates(names = HERE): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'coiltrail-certificates-'))
  const secrets = join(folder, 'secrets')
  await mkdir(secrets)
  await writeFile(join(folder, 'make-secrets.sh'), (await readFile(SCRIPT, 'utf8')).replace(HERE, names))
  await run('sh', [join(folder, 'make-secrets.sh')])
  return {
    authority: join(secrets, 'kurrentdb_ca'),
    certificate: await readFile(join(secrets, 'kurrentdb_certificate'), 'utf8'),
    key: await readFile(join(secrets, 'kurrentdb_key'), 'utf8'),
    remove: () => rm(folder, { recursive: true }),
  }
}
