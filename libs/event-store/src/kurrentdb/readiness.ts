/** Whether KurrentDB is there and will do, in sentences for whoever starts Coiltrail. */

import { pause } from '../pause.js'
import { faultOf, reasonOf } from './errors.js'

const RETRY_MS = 1_000

export interface Candidate {
  readonly address: string
  /** Goes through if everything that the store needs can be done on this server; changes nothing. */
  probe(): Promise<void>
  serverVersion(): Promise<string>
  /** What keeps TLS from coming about, in words that follow "KurrentDB at ..."; undefined if nothing does. */
  tlsTrouble(): Promise<string | undefined>
}

/**
 * Resolves when the server is ready. While it cannot be reached or nobody leads, that is said once, and tried again.
 * @throws Error with one sentence where trying again cannot help: too old, not authorised, no TLS between us,
 *   no connection string
 */
export async function untilReady(
  candidate: Candidate,
  say: (sentence: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const { address } = candidate
  let said: string | undefined
  while (true) {
    signal?.throwIfAborted()
    const trouble = await unlessAborted(candidate.probe(), signal).then(
      () => undefined,
      (error: unknown) => {
        signal?.throwIfAborted()
        return { error, fault: faultOf(error) }
      },
    )
    if (!trouble) return
    if (trouble.fault === 'too-old') throw new Error(await tooOld(candidate))
    if (trouble.fault === 'not-authorised') {
      throw new Error(`KurrentDB at ${address} does not let us read all streams and append: check user and password`)
    }
    if (trouble.fault === 'refused') throw trouble.error
    // Whom to trust is read once, at start: waiting would wait for ever.
    const noTls = trouble.fault === 'away' ? await candidate.tlsTrouble() : undefined
    if (noTls) throw new Error(`KurrentDB at ${address} ${noTls}`)
    const sentence =
      trouble.fault === 'not-leader'
        ? `KurrentDB at ${address} is not the leader of its cluster: waiting for one`
        : `KurrentDB at ${address} cannot be reached (${reasonOf(trouble.error)}): trying again`
    if (sentence !== said) say(sentence)
    said = sentence
    await pause(RETRY_MS, signal)
  }
}

function unlessAborted(probe: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return probe
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    probe.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

async function tooOld({ address, serverVersion }: Candidate): Promise<string> {
  const version = await serverVersion().catch(() => 'unknown')
  return `KurrentDB at ${address} has version ${version}, which cannot append to several streams at once: 25.1 is needed`
}
