/** One app as a process of its own, started again when it ends without having been told to. */
import { setTimeout as sleep } from 'node:timers/promises'
import { endOf, readyAt, type Spawned, spawnApp } from '../support/process.js'
import type { App } from './routes.js'

const RESTART_MS = 500
const STOP_PATIENCE_MS = 30_000

export interface ServiceSettings {
  readonly app: App
  /** 1 for the first replica. */
  readonly number: number
  readonly port: number
  readonly environment: Record<string, string>
  /** Lines that it says. */
  print(line: string): void
}

export class Service {
  private current: Spawned | undefined
  private keeping: Promise<void> = Promise.resolve()
  private stopping = false
  private said = ''
  /** Answers, as far as is known. */
  up = false

  constructor(readonly on: ServiceSettings) {}

  get url(): string {
    return `http://127.0.0.1:${this.on.port}`
  }

  get name(): string {
    return `${this.on.app}-${this.on.number}`
  }

  get pid(): number | undefined {
    return this.current?.process.pid
  }

  /** What its processes have said so far; of much, the end. */
  output(): string {
    return this.said + (this.current?.output() ?? '')
  }

  /** Resolves when it answers. @throws Error with what it said, if it does not come that far the first time */
  async start(): Promise<void> {
    await this.begin()
    this.keeping = this.keep()
  }

  /** It is started again by itself. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.up = false
    this.current?.process.kill(signal)
  }

  /** For good, also while it starts. Answers its exit code. */
  async stop(): Promise<number | null> {
    this.stopping = true
    const { current } = this
    current?.process.kill('SIGTERM')
    const late = setTimeout(() => current?.process.kill('SIGKILL'), STOP_PATIENCE_MS)
    const code = (await current?.ended) ?? null
    clearTimeout(late)
    await this.keeping
    return code
  }

  private async begin(): Promise<void> {
    const { app, port, environment, print } = this.on
    if (this.stopping) throw new Error(`${this.name} was told to stop before it was started`)
    this.said = endOf(this.output())
    this.current = spawnApp(app, { ...environment, PORT: String(port), HOST: '127.0.0.1' })
    for (const stream of [this.current.process.stdout!, this.current.process.stderr!]) {
      let rest = ''
      stream.on('data', (chunk) => {
        const lines = (rest + chunk).split('\n')
        rest = lines.pop()!
        for (const line of lines) print(`${this.name.padEnd(12)} ${line}`)
      })
    }
    await readyAt(this.current)
    this.up = true
  }

  private async keep(): Promise<void> {
    for (;;) {
      await this.current?.ended
      this.up = false
      if (this.stopping) return
      await sleep(RESTART_MS)
      if (this.stopping) return
      // One that cannot start now, because what it needs is away, is started again like one that ended.
      await this.begin().catch(() => {})
    }
  }
}
