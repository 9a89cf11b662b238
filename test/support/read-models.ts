/** The read models of a running product: whether they are up to date, and every row that they hold. */
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { ProjectionView } from '#projection/projection-view'
import type { TestHttp } from './http.js'

const PATIENCE_MS = 180_000

/** Waits until every read model runs and has all events, and no rebuild is under way. */
export async function caughtUp(http: TestHttp): Promise<ProjectionView[]> {
  return until('the read models are up to date', async () => {
    const { projections } = (await http.get<{ projections: ProjectionView[] }>('/api/projections')).body
    const done = projections.every(({ state, lag, rebuild }) => {
      return state === 'running' && lag.eventsBehind === 0 && rebuild === null
    })
    return done ? projections : undefined
  })
}

/** Builds a read model anew from history, and waits until the new tables answer. */
export async function rebuilt(http: TestHttp, name: string): Promise<void> {
  const view = async () => (await http.get<ProjectionView>(`/api/projections/${name}`)).body
  const { live } = await view()
  const { status, body } = await http.post(`/api/projections/${name}/rebuild`)
  if (status !== 202) throw new Error(`the rebuild of ${name} was answered with ${status}: ${JSON.stringify(body)}`)
  await until(`${name} is rebuilt`, async () => {
    const now = await view()
    return now.live.build > live.build && now.rebuild === null ? now : undefined
  })
}

/** Every row of a projection's live tables, as text and sorted, by table; also how far each stream is applied. */
export async function tablesOf(pool: pg.Pool, projection: string): Promise<Map<string, string[]>> {
  const live = await pool.query(`SELECT build FROM ${projection}.builds WHERE state = 'live'`)
  const ending = `__${live.rows[0].build}`
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 AND right(tablename, length($2)) = $2 ORDER BY 1`,
    [projection, ending],
  )
  const contents = new Map<string, string[]>()
  for (const { name } of tables) {
    const { rows } = await pool.query(
      `SELECT to_jsonb(t)::text AS row FROM ${projection}."${name}" t ORDER BY to_jsonb(t)::text COLLATE "C"`,
    )
    contents.set(
      name.slice(0, -ending.length),
      rows.map(({ row }) => row),
    )
  }
  return contents
}

async function until<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`)
    await sleep(50)
  }
}
