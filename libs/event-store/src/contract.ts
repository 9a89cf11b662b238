/**
 * What every event store must do: the one suite, run on each adapter by a spec beside it. It asserts no literal
 * positions and knows of no stream but its own, so that it can run on a store that others use too.
 */
import { appendContract } from './contract/append-contract.js'
import { readContract } from './contract/read-contract.js'
import { subscribeContract } from './contract/subscribe-contract.js'
import type { StoreUnderTest } from './contract/under-test.js'

export type { StoreUnderTest } from './contract/under-test.js'

export function eventStoreContract(name: string, makeStore: () => Promise<StoreUnderTest>): void {
  describe(`event store contract: ${name}`, () => {
    let under: StoreUnderTest
    beforeAll(async () => {
      under = await makeStore()
    })
    afterAll(() => under?.close())

    appendContract(() => under)
    readContract(() => under)
    subscribeContract(() => under)
  })
}
