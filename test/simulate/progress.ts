import { Presets, SingleBar } from 'cli-progress'

export interface Progress {
  reached(done: number, total?: number): void
  /** More than once is as good as once. */
  end(): void
}

/** A bar on a terminal, a line every few seconds elsewhere; `telling` says what happened so far. */
export function progress(what: string, total: number, telling: () => string): Progress {
  const bar = new SingleBar(
    {
      format: `${what} |{bar}| {value}/{total}  {duration_formatted}  {telling}`,
      barsize: 24,
      noTTYOutput: true,
      notTTYSchedule: 5_000,
    },
    Presets.shades_classic,
  )
  bar.start(total, 0, { telling: telling() })
  const ticking = setInterval(() => bar.update({ telling: telling() }), 250)
  let ended = false
  return {
    reached(done, of = total) {
      bar.setTotal(of)
      bar.update(done, { telling: telling() })
    },
    end() {
      if (ended) return
      ended = true
      clearInterval(ticking)
      bar.update({ telling: telling() })
      bar.stop()
    },
  }
}
