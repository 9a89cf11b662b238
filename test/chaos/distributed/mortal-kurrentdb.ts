/** An event store that speaks KurrentDB's protocol, as a process on a file and a port that outlive it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { somePort } from '../../local/kafka/ports.js'

const BUILT = import.meta.filename.endsWith('.js')
const ROOT = resolve(import.meta.dirname, BUILT ? '../../../..' : '../../..')
const SERVER = 'libs/event-store/src/kurrentdb/test-server/main'
const COMMAND = BUILT ? [`dist/${SERVER}.js`] : ['--import', './test/support/typescript.mjs', `./${SERVER}.ts`]

export class MortalKurrentDB {
  private current: ChildProcess | undefined
  private ended: Promise<unknown> = Promise.resolve()

  private constructor(
    private readonly file: string,
    private readonly port: number,
  ) {}

  static async start(folder: string): Promise<MortalKurrentDB> {
    const server = new MortalKurrentDB(join(folder, 'events.jsonl'), await somePort())
    await server.begin()
    return server
  }

  get url(): string {
    return `kurrentdb://127.0.0.1:${this.port}?tls=false`
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.current?.kill(signal)
    await this.ended
  }

  /** What it had acknowledged is there again. */
  async begin(): Promise<void> {
    const child = spawn(process.execPath, [...COMMAND, '--port', String(this.port), '--data', this.file], {
      cwd: ROOT,
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
      })
    }
    const ended = new Promise<number | null>((done) => child.once('close', done))
    this.current = child
    this.ended = ended
    await ready(child, ended, () => output)
  }
}

function ready(child: ChildProcess, ended: Promise<number | null>, output: () => string): Promise<void> {
  return new Promise((done, fail) => {
    child.stdout?.on('data', () => output().includes('is ready at') && done())
    void ended.then((code) => fail(new Error(`The event store ended with ${code} before it was ready:\n${output()}`)))
  })
}
