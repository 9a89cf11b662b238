import { readFile } from 'node:fs/promises'
import type { Role } from '#platform/identity/roles'

/** A Coiltrail to live in. */
export interface Plant {
  readonly url: string
  token(role: Role): string
  /** Of one that was started for this. */
  stop(): Promise<void>
}

const NEEDED: readonly Role[] = ['operator', 'quality', 'planner', 'sales', 'auditor', 'administrator']
const PATIENCE_MS = 10_000

/** One that runs already. @throws Error in words when it does not answer, or not with these tokens */
export async function runningPlant(url: string, tokensFile: string | undefined): Promise<Plant> {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new Error(`--url is an address such as http://localhost:3000, not "${url}".`)
  const token = await tokensFor(tokensFile)
  await mustAnswer(`${url}/api/health/live`, {})
  for (const role of new Set(NEEDED.map(token))) {
    await mustAnswer(`${url}/api/stock?limit=1`, { authorization: `Bearer ${role}` })
  }
  return { url, token, stop: async () => {} }
}

async function tokensFor(file: string | undefined): Promise<(role: Role) => string> {
  const one = process.env.COILTRAIL_TOKEN
  if (one) return () => one
  if (file === undefined) {
    throw new Error(
      '--url needs --tokens FILE, or an administrator’s token in the environment variable COILTRAIL_TOKEN.',
    )
  }
  let tokens: Partial<Record<Role, string>>
  try {
    tokens = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new Error(`The tokens cannot be read from ${file}: ${(error as Error).message}.`, { cause: error })
  }
  const missing = NEEDED.filter((role) => typeof tokens[role] !== 'string')
  if (missing.length > 0) throw new Error(`${file} has no token of: ${missing.join(', ')}.`)
  return (role) => tokens[role]!
}

async function mustAnswer(address: string, headers: Record<string, string>): Promise<void> {
  let response: Response
  try {
    response = await fetch(address, { headers, signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (error) {
    const { cause, message } = error as Error
    const reason = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : message
    throw new Error(`No Coiltrail answers at ${address}: ${reason}.`, { cause: error })
  }
  await response.body?.cancel()
  if (response.status === 401) throw new Error(`The Coiltrail at ${address} does not know these tokens.`)
  if (!response.ok) throw new Error(`${address} was answered with ${response.status}: is it a Coiltrail?`)
}
