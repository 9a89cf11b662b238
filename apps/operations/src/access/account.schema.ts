import { z } from 'zod'
import { partnerCode, personName, reason } from '#domain/words'
import { ROLES } from '#platform/identity/roles'

export const accountId = z.uuid().meta({ examples: ['0d4b5d0e-93a4-4a1e-9f0c-2f1a3c5e7b90'] })

const rights = {
  role: z.enum(ROLES),
  partner: partnerCode
    .optional()
    .describe('for the role partner, and for no other: whose metal alone they see; it may be registered later'),
}
export const newAccount = z
  .strictObject({
    name: personName.describe('what they sign in by, and what is kept with all that they do'),
    ...rights,
  })
  .meta({ examples: [{ name: 'Ana Popescu', role: 'operator' }] })
export const rightsOfAccount = z.strictObject(rights).meta({ examples: [{ role: 'partner', partner: 'AZAL' }] })
export const why = z.strictObject({ reason }).meta({ examples: [{ reason: 'left the plant' }] })

const instant = z.iso.datetime()
const account = z.strictObject({ account: z.uuid(), name: personName, ...rights })
export const changedAccount = account
export const closedAccount = account.extend({
  keys: z
    .array(z.strictObject({ id: z.uuid(), name: z.string() }))
    .describe('made by them, and good still: they are the plant’s, until somebody revokes them'),
})
export const invitedAccount = z.strictObject({
  ...account.shape,
  invitation: z.string().describe('shown in this answer and never again'),
  link: z.url().describe('for whose account it is, and for nobody else: they choose a password there'),
  until: instant,
})
export const listedAccounts = z.strictObject({
  items: z.array(
    z.strictObject({
      ...account.shape,
      by: z
        .enum(['password', 'provider'])
        .optional()
        .describe('how they sign in; left out while no password was chosen'),
      invitedUntil: instant.optional(),
      createdAt: instant,
      lastSeenAt: instant.optional().describe('to the minute'),
      closedAt: instant.optional(),
    }),
  ),
})
