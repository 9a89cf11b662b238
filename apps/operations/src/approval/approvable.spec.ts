import { rolesWith } from '#platform/identity/permissions'
import { FOUR_EYES } from '../pipeline/four-eyes.js'

describe('Answering what somebody asked for', () => {
  it('is open to whoever may do any of what takes two people, and to nobody else', () => {
    const answering = [...new Set(FOUR_EYES.flatMap(rolesWith))].sort()
    for (const permission of ['answer-approval', 'withdraw-approval'] as const) {
      expect([...rolesWith(permission)].sort()).toEqual(answering)
    }
  })
})
