/** A client of Server-Sent Events over a real connection. */
export interface Message {
  readonly id: string
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads messages as a client without types would.
  readonly data: any
}

export interface Listening {
  /** All so far, in the order they came. */
  readonly messages: Message[]
  /** Lines that are comments: heartbeats. */
  readonly comments: string[]
  readonly status: number
  /** Resolves when the server ends the answer, or `close` was called. */
  readonly ended: Promise<void>
  until(enough: (messages: readonly Message[]) => boolean, ms?: number): Promise<void>
  close(): void
}

export async function listen(url: string, token: string, lastEventId?: string): Promise<Listening> {
  const leaving = new AbortController()
  const headers = {
    authorization: `Bearer ${token}`,
    ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
  }
  const response = await fetch(url, { headers, signal: leaving.signal })
  const messages: Message[] = []
  const comments: string[] = []
  let wake = () => {}
  const read = async () => {
    let text = ''
    const decoder = new TextDecoder()
    try {
      for await (const piece of response.body!) {
        text += decoder.decode(piece, { stream: true })
        const blocks = text.split('\n\n')
        text = blocks.pop()!
        for (const block of blocks) take(block, messages, comments)
        wake()
      }
    } catch (error) {
      if (!leaving.signal.aborted) throw error
    }
  }
  const ended = read()
  ended.catch(() => {})
  return {
    messages,
    comments,
    status: response.status,
    ended,
    close: () => leaving.abort(),
    async until(enough, ms = 20_000) {
      const late = Date.now() + ms
      while (!enough(messages)) {
        if (Date.now() > late) throw new Error(`waited in vain; ${messages.length} messages came`)
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, 200)
        })
      }
    },
  }
}

function take(block: string, messages: Message[], comments: string[]): void {
  const fields: Record<string, string> = {}
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':')
    if (colon === 0) comments.push(line)
    else fields[line.slice(0, colon)] = line.slice(colon + 1).trim()
  }
  if (fields.data !== undefined) {
    messages.push({ id: fields.id!, event: fields.event!, data: JSON.parse(fields.data) })
  }
}
