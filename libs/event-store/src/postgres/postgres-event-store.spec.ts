import { testDatabase } from '#test/support/postgres'
import { eventStoreContract } from '../contract.js'
import { storeInstances } from './store-instances.js'

eventStoreContract('PostgreSQL', async () => {
  const database = await testDatabase()
  const instances = storeInstances(database.url)
  const store = instances.open()
  await store.migrate()
  return {
    store,
    connect: async () => instances.open(),
    async close() {
      await instances.closeAll()
      await database.drop()
    },
  }
})
