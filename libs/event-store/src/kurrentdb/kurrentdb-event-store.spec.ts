import { notRun } from '#test/support/not-run'
import { eventStoreContract } from '../contract.js'
import { KurrentDBEventStore, type KurrentDBOptions } from './kurrentdb-event-store.js'
import { startKurrentDBTestServer } from './test-server/test-server.js'

eventStoreContract('KurrentDB, by the protocol', async () => {
  const server = await startKurrentDBTestServer()
  return storeAt(server.connectionString, {}, () => server.close())
})

const { KURRENTDB_URL } = process.env
if (KURRENTDB_URL) {
  eventStoreContract('KurrentDB, the true server', async () => storeAt(KURRENTDB_URL, { prefixes: ['coil-'] }))
} else {
  notRun('the event store contract on a true KurrentDB', 'KURRENTDB_URL is not set')
}

function storeAt(connectionString: string, options: KurrentDBOptions, afterwards = async () => {}) {
  const opened: KurrentDBEventStore[] = []
  const connect = async () => {
    const store = new KurrentDBEventStore(connectionString, options)
    opened.push(store)
    return store
  }
  return connect().then((store) => ({
    store,
    connect,
    async close() {
      for (const each of opened) await each.close()
      await afterwards()
    },
  }))
}
