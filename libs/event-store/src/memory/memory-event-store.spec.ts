import { eventStoreContract } from '../contract.js'
import { MemoryEventStore } from './memory-event-store.js'

eventStoreContract('memory', async () => {
  const store = new MemoryEventStore()
  return { store, connect: async () => store, close: async () => {} }
})
