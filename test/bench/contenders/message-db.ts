/** `@eventide/message-db`: PostgreSQL functions, called through `pg`; installed as its `install.sh` does, without psql. */
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { benchWrites, coilReceived } from '../append.js'
import { contend } from '../contender.js'
import type { Load } from '../rate.js'

const CONNECTIONS = 20
const WRITE = {
  name: 'write_message',
  text: 'SELECT message_store.write_message($1, $2, $3, $4::jsonb, $5::jsonb, -1)',
}

contend(async (connectionString) => {
  // Its functions call each other without their schema.
  const options = '-c search_path=message_store,public'
  const pool = new pg.Pool({ connectionString, options, max: CONNECTIONS })
  await install(pool)
  const write = async (stream: string) => {
    const { type, data, metadata } = coilReceived(stream)
    const values = [randomUUID(), stream, type, JSON.stringify(data), JSON.stringify(metadata)]
    await pool.query({ ...WRITE, values })
  }
  let category = 0
  return {
    tasks: {
      append: (load: Load) => benchWrites(write, load),
      /** One writer at a time holds a category (what stands before the first `-`): here, none waits for another. */
      appendApart: (load: Load) => benchWrites((stream) => write(`c${category++ % 1000}${stream}`), load),
    },
    close: () => pool.end(),
  }
})

/** Runs what `install.sh` and the scripts that it sources run, in their order. */
async function install(pool: pg.Pool): Promise<void> {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@eventide/message-db/package.json')), 'database')
  const read = (name: string) => readFile(join(folder, name), 'utf8')
  const steps = await Promise.all(['functions', 'indexes', 'views', 'privileges'].map((n) => read(`install-${n}.sh`)))
  for (const script of [await read('install.sh'), ...steps]) {
    for (const [, file] of script.matchAll(/-?f? "?\$base\/([\w/-]+\.sql)/g)) await pool.query(await read(file!))
  }
}
