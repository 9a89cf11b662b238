import type { CustomFetch } from 'openid-client'

/** Documents, keys and tokens are a few kilobytes. */
const MOST_BYTES = 1024 * 1024

/** Nobody is there, or nobody who could answer now. Its message holds nothing that the provider sent. */
export class ProviderUnreachable extends Error {
  override readonly name = 'ProviderUnreachable'
}

/**
 * `fetch` of an answer that is whole and not too large. How long it may take is in the `signal` of the options.
 * @throws ProviderUnreachable
 */
export const limitedFetch: CustomFetch = async (url, options) => {
  let response: Response
  let body: Buffer
  try {
    response = await fetch(url, options as RequestInit)
    body = await wholeOf(response)
  } catch (error) {
    throw new ProviderUnreachable(inWords(error as Error))
  }
  const { status, headers } = response
  if (status >= 500 || status === 429) throw new ProviderUnreachable(`it answers with ${status}`)
  return new Response(body.length === 0 ? null : new Uint8Array(body), { status, headers })
}

async function wholeOf({ body }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    // Leaving the loop closes the connection.
    if (bytes > MOST_BYTES) throw new ProviderUnreachable(`its answer is larger than ${MOST_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function inWords(error: Error): string {
  if (error instanceof ProviderUnreachable) return error.message
  if (error.name === 'TimeoutError') return 'it does not answer in time'
  const { code } = (error.cause ?? {}) as NodeJS.ErrnoException
  return `it cannot be reached (${code ?? error.name})`
}
