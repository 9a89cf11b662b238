/**
 * A contender in a process of its own, so that none pays for another's garbage, pools or patches of `pg` (emmett's
 * driver sets type parsers for the whole process). Forked by `startContender`, asked over IPC, ends with its parent.
 */
import { type ChildProcess, fork } from 'node:child_process'
import type { Rate } from './rate.js'

/** What a contender can do: the names of its tasks, each taking and giving plain JSON. */
export type Tasks = Readonly<Record<string, (task: never) => Promise<Rate | undefined>>>

export interface Contender {
  /** Does the task in the contender's process. */
  ask<Task extends object>(name: string, task: Task): Promise<Rate>
  /** The same, where there is nothing to be measured. */
  tell<Task extends object>(name: string, task: Task): Promise<void>
  stop(): Promise<void>
}

export interface ContenderOptions {
  readonly databaseUrl: string
  /** Of Node itself, e.g. `--cpu-prof`. */
  readonly nodeOptions?: readonly string[]
}

/** `module` is the address of a module that calls `contend`. */
export async function startContender(module: URL, options: ContenderOptions): Promise<Contender> {
  const child = fork(module, [], {
    execArgv: [...process.execArgv, ...(options.nodeOptions ?? [])],
    // Detached: Ctrl-C in a terminal must reach us alone, who stop everything in order.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<string>((done) => child.once('exit', (code, signal) => done(String(signal ?? code))))
  const waiting = new Map<number, { resolve: (rate: Rate) => void; reject: (error: Error) => void }>()
  let last = 0
  child.on('message', ({ id, rate, error }: Answer) => {
    const asker = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) asker?.resolve(rate!)
    else asker?.reject(new Error(error))
  })
  void ended.then((how) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process of ${module.pathname} ended (${how})`))
  })
  const ask = (name: string, task: object) =>
    new Promise<Rate>((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      child.send({ id: last, name, task } satisfies Question, (error) => error && reject(error))
    })
  const contender: Contender = {
    ask,
    async tell(name, task) {
      await ask(name, task)
    },
    async stop() {
      if (child.connected) child.disconnect()
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000)
      await ended
      clearTimeout(late)
    },
  }
  try {
    await contender.tell('open', { databaseUrl: options.databaseUrl })
  } catch (error) {
    await contender.stop()
    throw error
  }
  return contender
}

interface Opened {
  readonly tasks: Tasks
  close(): Promise<void>
}

interface Question {
  readonly id: number
  readonly name: string
  readonly task: object
}

interface Answer {
  readonly id: number
  readonly rate?: Rate
  readonly error?: string
}

/** The contender's side: opens on the database it is given, then does what it is asked, one thing after another. */
export function contend(open: (databaseUrl: string) => Promise<Opened>): void {
  let opened: Opened | undefined
  const answer = (message: Answer) => (process as unknown as ChildProcess).send(message)
  process.on('message', async ({ id, name, task }: Question) => {
    try {
      if (name === 'open') opened = await open((task as { databaseUrl: string }).databaseUrl)
      const rate = name === 'open' ? undefined : await opened!.tasks[name]!(task as never)
      answer({ id, ...(rate && { rate }) })
    } catch (error) {
      answer({ id, error: String((error as Error).stack ?? error) })
    }
  })
  process.on('disconnect', async () => {
    await opened?.close().catch(() => {})
    process.exit(0)
  })
}
