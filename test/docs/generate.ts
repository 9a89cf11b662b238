/** `npm run docs`: writes every document that is made from the code. */
import 'reflect-metadata'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { throwAwayCoiltrail } from '#test/support/throw-away-coiltrail'
import { documents, ROOT } from './documents.js'

const coiltrail = await throwAwayCoiltrail()
try {
  const { body } = await coiltrail.http.get('/api/openapi.json')
  for (const [path, text] of await documents(body)) {
    await writeFile(join(ROOT, path), text)
    console.log(path)
  }
} finally {
  await coiltrail.stop()
}
