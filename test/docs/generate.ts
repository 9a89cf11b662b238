/** `npm run docs`: writes every document that is made from the code. */
import 'reflect-metadata'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startThrowAwayPostgres } from '#test/support/throw-away-postgres'
import { allApis } from './apis.js'
import { documents, ROOT } from './documents.js'

const postgres = await startThrowAwayPostgres()
try {
  for (const [path, text] of await documents(await allApis(postgres.url))) {
    await writeFile(join(ROOT, path), text)
    console.log(path)
  }
} finally {
  await postgres.stop()
}
