/** Ends a Jest run with what was not run and why, and the line `N passed, N failed`. */
import { readFileSync } from 'node:fs'

export default class ClosingReporter {
  #error

  onRunComplete(_contexts, results) {
    const passed = results.numPassedTests
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const notRun = [...reported(), ...skipped(results)]
    if (passed + failed === 0) this.#error = new Error('No test ran.')
    const lines = notRun.map(({ what, why }) => `  ${what}: ${why}`)
    if (notRun.length > 0) lines.unshift(`Not run here: ${notRun.length}`)
    lines.push(`${passed} passed, ${failed} failed`)
    // At the very end: Jest's own summary comes after its reporters.
    process.once('exit', () => process.stdout.write(`\n${lines.join('\n')}\n`))
  }

  getLastError() {
    return this.#error
  }
}

/** What specs told by `notRun`. */
function reported() {
  const lines = readFileSync(process.env.COILTRAIL_NOT_RUN, 'utf8').split('\n').filter(Boolean)
  return [...new Set(lines)].map((line) => JSON.parse(line))
}

function skipped(results) {
  const tests = results.testResults.flatMap((file) => file.testResults)
  return tests
    .filter((test) => test.status !== 'passed' && test.status !== 'failed')
    .map((test) => ({ what: test.fullName, why: `marked ${test.status}` }))
}
