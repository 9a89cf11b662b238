/** A browser as far as signing in goes: keeps cookies by host and path, follows redirects and sends forms. */

export interface Page {
  readonly url: string
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

interface Cookie {
  readonly host: string
  readonly path: string
  readonly name: string
  readonly value: string
  /** What the server said of it. */
  readonly attributes: string
}

const MOST_REDIRECTS = 20

export class TestBrowser {
  readonly cookies = new Map<string, Cookie>()

  /** One request, as a navigation. */
  async ask(url: string, form?: Readonly<Record<string, string>>): Promise<Page> {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html,*/*;q=0.8', cookie: this.#cookiesFor(url), 'user-agent': 'browser of a spec' },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    })
    for (const line of answer.headers.getSetCookie()) this.#keep(line, new URL(url))
    return { url, status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  /** The request, and what it is redirected to, unless `stop` says not to go there. */
  async go(url: string, form?: Readonly<Record<string, string>>, stop?: (to: string) => boolean): Promise<Page> {
    let page = await this.ask(url, form)
    for (let i = 0; i < MOST_REDIRECTS; i++) {
      const to = page.headers.get('location')
      if (to === null) return page
      const address = new URL(to, page.url).href
      if (stop?.(address)) return page
      page = await this.ask(address)
    }
    throw new Error(`${url} leads in a circle`)
  }

  /** Logs in at the provider's own pages, and consents if it asks; stops before the address that `stop` names. */
  async logIn(page: Page, login: string, stop?: (to: string) => boolean): Promise<Page> {
    let shown = page
    for (let i = 0; i < 3; i++) {
      const action = /<form[^>]* action="([^"]+)"/.exec(shown.text)?.[1]
      if (!action) return shown
      const prompt = /name="prompt" value="(\w+)"/.exec(shown.text)?.[1] ?? ''
      shown = await this.go(new URL(action, shown.url).href, { prompt, login, password: 'any' }, stop)
    }
    return shown
  }

  cookie(name: string): Cookie | undefined {
    return [...this.cookies.values()].find((cookie) => cookie.name === name)
  }

  #cookiesFor(url: string): string {
    const { hostname, pathname } = new URL(url)
    return [...this.cookies.values()]
      .filter(({ host, path }) => host === hostname && pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ')
  }

  #keep(line: string, { hostname: host, pathname }: URL): void {
    const [pair = '', ...rest] = line.split(';').map((part) => part.trim())
    const [name, value] = pair.split(/=(.*)/s) as [string, string]
    const attributes = rest.join('; ')
    const path = /(?:^|; )path=([^;]*)/i.exec(attributes)?.[1] ?? pathname
    const key = JSON.stringify([host, path, name])
    const isOver = /max-age=0\b|expires=\w+, 01[- ]Jan[- ]1970/i.test(attributes)
    if (isOver || value === '') this.cookies.delete(key)
    else this.cookies.set(key, { host, path, name, value, attributes })
  }
}
