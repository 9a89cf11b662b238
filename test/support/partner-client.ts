/** A partner's own way into a running Coiltrail, by a key that was made for them. */
import { ApiKeys } from '#platform/identity/api-keys'
import type { TestApp } from './app.js'

export interface PartnerAnswer {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers as a client without types would.
  json(): any
}

export interface PartnerClient {
  readonly token: string
  get(path: string): Promise<PartnerAnswer>
}

export async function partnerClient({ app, url }: TestApp, partner: string): Promise<PartnerClient> {
  const { token } = await app.get(ApiKeys).make({ role: 'partner', partner, name: `for ${partner}` })
  return {
    token,
    async get(path) {
      const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
      const text = await response.text()
      return { status: response.status, text, json: () => JSON.parse(text) }
    },
  }
}
