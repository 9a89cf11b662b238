/** The results as a table for people. */
import type { Machine } from './machine.js'
import { OURS, type Result, type Results } from './results.js'

export function report(results: Results, machine: Machine, seconds: number): string {
  const lines = [
    `Coiltrail ${machine.commit}, ${new Date().toISOString().slice(0, 16)}Z, took ${Math.round(seconds)} s`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}`,
    `Node ${machine.node}, PostgreSQL ${machine.postgres}, ${machine.fsync}; load before the run ${machine.loadBefore}`,
    '',
    row('', 'per second', 'p50 ms', 'p99 ms', `${OURS} is`),
  ]
  for (const [what, group] of Map.groupBy(results.all, (result) => result.what)) {
    const ours = group.find((result) => result.who === OURS)
    lines.push('', `${what} (${group[0]!.unit})`)
    for (const result of group) lines.push(row(`  ${result.who}`, ...numbers(result), ratio(ours, result)))
  }
  const verdicts = results.verdicts()
  if (verdicts.length > 0) {
    lines.push('', 'What it should be')
    for (const { what, wanted, measured, met } of verdicts) {
      lines.push(`  ${met ? 'met   ' : 'MISSED'}  ${what}: ${wanted}; measured ${measured}`)
    }
  }
  if (results.notRun.length > 0) {
    lines.push('', 'Not run')
    for (const { what, who, why } of results.notRun) lines.push(`  ${who}, ${what}: ${why}`)
  }
  return `${lines.join('\n')}\n`
}

function numbers({ perSecond, p50, p99 }: Result): [string, string, string] {
  const ms = (value: number | null) => value?.toFixed(2) ?? ''
  return [perSecond.toLocaleString('en'), ms(p50), ms(p99)]
}

function ratio(ours: Result | undefined, other: Result): string {
  if (!ours || ours === other) return ''
  return `${(ours.perSecond / other.perSecond).toFixed(1)} times`
}

const row = (who: string, ...cells: string[]) => who.padEnd(44) + cells.map((cell) => cell.padStart(13)).join('')
