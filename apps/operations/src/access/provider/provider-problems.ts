/** What goes wrong with a provider, for the person at the door, and for the log: neither repeats what it sent. */
import { Logger } from '@nestjs/common'
import { Problem, tryLater } from '#platform/problems/problem'
import { ProviderUnreachable } from './limited-fetch.js'

const logger = new Logger('Sign-in')
const RETRY_SECONDS = 5

/** The provider cannot be asked now, or does not answer as one does. */
export function unreachable(error: unknown): Problem {
  logger.warn(`The identity provider cannot be used: ${inWords(error)}`)
  return tryLater(
    'provider-unreachable',
    'The identity provider does not answer now. Try again in a moment; accounts with a password can sign in.',
    RETRY_SECONDS,
  )
}

/** Of what came back from the provider; never let in, whatever it is. */
export function notTrusted(error: unknown): Problem {
  if (chainOf(error).some((cause) => cause instanceof ProviderUnreachable)) return unreachable(error)
  logger.warn(`An answer of the identity provider was refused: ${inWords(error)}`)
  if (codeOf(error) === 'OAUTH_AUTHORIZATION_RESPONSE_ERROR') {
    return new Problem(403, 'sign-in-cancelled', 'The identity provider did not sign you in. Begin again here.')
  }
  return new Problem(
    403,
    'provider-answer-not-valid',
    'What the identity provider answered is not valid, and nobody was signed in. Begin again here.',
  )
}

/** Of a claim that could not stand in the books; what it says is not repeated, why it cannot be used is. */
export function notUsable(claim: string, why: string): Problem {
  const detail = `The identity provider says of you what cannot be used (${claim}): ${why}.`
  logger.warn(`Somebody was not let in: ${detail}`)
  return new Problem(403, 'claims-not-usable', detail, { values: { claim } })
}

/** Only what the library and the protocol have names for: all else may be a token, a code, or somebody's words. */
function inWords(error: unknown): string {
  const chain = chainOf(error)
  const away = chain.find((cause) => cause instanceof ProviderUnreachable)
  if (away) return away.message
  const [{ message }] = chain as [Error]
  const about = chain.flatMap((cause) => ['code', 'error', 'claim', 'attribute'].map((name) => plain(cause, name)))
  const names = [...new Set(about.filter(Boolean))]
  return names.length > 0 ? `${message} (${names.join(', ')})` : message
}

const codeOf = (error: unknown) => plain(error as Error, 'code')

function plain(thing: object, name: string): string | undefined {
  const value = Object.hasOwn(thing, name) ? (thing as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' && /^[\w-]{1,60}$/.test(value) ? value : undefined
}

function chainOf(error: unknown): Error[] {
  const chain: Error[] = []
  for (let cause = error; typeof cause === 'object' && cause !== null && chain.length < 5; ) {
    chain.push(cause as Error)
    cause = (cause as Error).cause
  }
  return chain
}
