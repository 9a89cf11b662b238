/** The test server as a process of its own: `node main.js --port 2113 --data events.jsonl`. Ends on SIGTERM. */
import { parseArgs } from 'node:util'
import { startKurrentDBTestServer } from './test-server.js'

const { values } = parseArgs({ options: { port: { type: 'string' }, data: { type: 'string' } } })
const server = await startKurrentDBTestServer({ port: Number(values.port ?? 0), file: values.data })
process.stdout.write(`is ready at ${server.connectionString}\n`)
process.once('SIGTERM', () => void server.close())
