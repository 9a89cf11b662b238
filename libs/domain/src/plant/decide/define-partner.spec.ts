import { partners } from '#domain/plant/state'
import { partnerRegistered, salesMandateGranted } from '#test/support/facts'
import { given, type World } from '#test/support/given'
import type { Partner } from '../events.js'
import { definePartner } from './define-partner.js'
import { grantSalesMandate, revokeSalesMandate } from './mandate-sales.js'

const azal = partnerRegistered().data
const define = (changed: Partial<Partner> = {}) => {
  return (world: World) => definePartner({ ...azal, ...changed }, world.find(partners, 'AZAL'))
}
const years = { validFrom: '2026-01-01', validTo: '2027-12-31' }
const grant = (mandate: string, range = years) => {
  return (world: World) => grantSalesMandate(world.get(partners, 'AZAL'), { mandate, ...range })
}
const revoke = (mandate: string) => (world: World) =>
  revokeSalesMandate(world.get(partners, 'AZAL'), mandate, 'sold out')
const granted = salesMandateGranted({ partner: 'AZAL', mandate: 'M-1' })
const revoked = { type: 'SalesMandateRevoked', data: { partner: 'AZAL', mandate: 'M-1', reason: 'over' } } as const

describe('a partner', () => {
  it('is registered, changed, and not recorded again when nothing is new, in whatever order its roles are told', () => {
    given()
      .when(define({ roles: ['supplier', 'owner', 'supplier'] }))
      .thenRecorded({ type: 'PartnerRegistered', data: azal })
    given(partnerRegistered())
      .when(define({ roles: ['supplier', 'owner'] }))
      .thenRecorded()
    given(partnerRegistered())
      .when(define({ name: 'AzerAl' }))
      .thenRecorded({ type: 'PartnerChanged', data: { name: 'AzerAl' } })
  })

  it('keeps its mandates when it is changed', () => {
    given(partnerRegistered(), granted, { type: 'PartnerChanged', data: { ...azal, name: 'AzerAl' } })
      .when(revoke('M-1'))
      .thenRecorded({ type: 'SalesMandateRevoked', data: { mandate: 'M-1', reason: 'sold out' } })
  })

  it('that owns metal grants a mandate to sell it, under a number used once', () => {
    given(partnerRegistered()).when(grant('M-1')).thenRecorded({ type: 'SalesMandateGranted', data: years })
    given(partnerRegistered(), granted).when(grant('M-1')).thenRefused('mandate-number-used', { mandate: 'M-1' })
    given(partnerRegistered(), granted, revoked).when(grant('M-1')).thenRefusedBy('mandate-number-used')
  })

  it('that owns none grants none, nor one that ends before it begins', () => {
    given(partnerRegistered({ roles: ['supplier'] }))
      .when(grant('M-1', { validFrom: '2026-02-01', validTo: '2026-01-31' }))
      .thenRefusedBy('partner-not-an-owner', 'mandate-ends-before-it-begins')
  })

  it('revokes a mandate once', () => {
    given(partnerRegistered(), granted, revoked).when(revoke('M-1')).thenRefusedBy('mandate-revoked')
    given(partnerRegistered()).when(revoke('M-9')).thenRefused('unknown-mandate', { mandate: 'M-9' })
  })
})
