import { appendFileSync } from 'node:fs'

/** Says that something is not tested on this machine, and why: it is printed at the end of the run, and counted. */
export function notRun(what: string, why: string): void {
  const file = process.env.COILTRAIL_NOT_RUN
  if (!file) throw new Error('notRun needs the globalSetup of jest.config.mjs')
  appendFileSync(file, `${JSON.stringify({ what, why })}\n`)
}
