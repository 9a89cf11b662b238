import { Injectable, type OnApplicationShutdown } from '@nestjs/common'
import type { FastifyRequest } from 'fastify'
import { addressOf } from '../http/address.js'
import { AccessLog, note } from './access-log.js'
import { whoAsks } from './allow.js'
import type { Actor } from './roles.js'

/** Told at once the first time; what comes again within this is counted, and told together. */
const TOGETHER_MS = 60_000
/** Of different ones at once: each is somebody known, so that there are not many. */
const MOST_COUNTED = 1_000

interface Refusal {
  readonly actor: Actor
  readonly permission: string
  readonly rule: string
  readonly address: string
}

/** Somebody known asked for what they may not: recorded, without letting them fill the store with it. */
@Injectable()
export class Refusals implements OnApplicationShutdown {
  readonly #counted = new Map<string, { refusal: Refusal; times: number; timer: NodeJS.Timeout }>()

  readonly #underWay = new Set<Promise<void>>()

  constructor(private readonly log: AccessLog) {}

  /** Returns at once: whoever is refused does not wait for it to be written down. */
  tell(request: FastifyRequest, rule: string): void {
    const asking = whoAsks(request)
    if (!asking) return
    const { actor, permission = 'none' } = asking
    const refusal = { actor, permission, rule, address: addressOf(request) }
    const name = JSON.stringify([actor.id, permission, rule])
    const counted = this.#counted.get(name)
    if (counted) {
      counted.times++
      return
    }
    if (this.#counted.size >= MOST_COUNTED) return
    const timer = setTimeout(() => this.#tellRest(name), TOGETHER_MS)
    timer.unref()
    this.#counted.set(name, { refusal, times: 0, timer })
    this.#note(refusal, 1)
  }

  async onApplicationShutdown(): Promise<void> {
    for (const name of this.#counted.keys()) this.#tellRest(name)
    await Promise.all(this.#underWay)
  }

  #tellRest(name: string): void {
    const { refusal, times, timer } = this.#counted.get(name)!
    clearTimeout(timer)
    this.#counted.delete(name)
    if (times > 0) this.#note(refusal, times)
  }

  #note({ actor, permission, rule, address }: Refusal, times: number): void {
    const day = new Date().toISOString().slice(0, 10)
    const data = { day, name: actor.name, role: actor.role, permission, rule, times, address }
    const noted = this.log
      .within((client) => note(client, { type: 'AccessRefused', data }, actor))
      .catch((error: Error) => this.log.complain('A refusal could not be noted', error))
      .finally(() => this.#underWay.delete(noted))
    this.#underWay.add(noted)
  }
}
