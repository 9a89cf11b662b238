import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common'

/**
 * Told before the HTTP server drains: what would keep a request open for ever (a stream of changes, a wait) ends on
 * `signal`. What requests still need while they finish (runners, pools) is stopped later, in onApplicationShutdown.
 */
@Injectable()
export class Shutdown implements BeforeApplicationShutdown {
  readonly #controller = new AbortController()

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  beforeApplicationShutdown(): void {
    this.#controller.abort()
  }
}
