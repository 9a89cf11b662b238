import { alloys, partners, plants, tempers } from '#domain/plant/state'
import { plantConfigured } from '#test/support/facts'
import { given } from '#test/support/given'
import { STEPS } from '../events.js'
import { configurePlant } from './configure-plant.js'
import { foundPlant } from './found-plant.js'

const found = () => given().when(({ find }) => foundPlant(find(plants, 'main')))

describe('a plant to begin with', () => {
  it('is what its own rules allow, and each thing is founded once', () => {
    const { facts } = found()
    expect(facts.length).toBeGreaterThan(60)
    expect(new Set(facts.map(({ data }) => JSON.stringify(data))).size).toBe(facts.length)
    given(...facts).when(({ get }) => {
      expect(get(plants, 'main')).toMatchObject({ company: 'ALRO', timeZone: 'Europe/Bucharest' })
      expect(get(partners, 'AZAL')).toMatchObject({ roles: ['owner', 'supplier'], mandates: [{ partner: 'AZAL' }] })
      // As a supplier's passport of this alloy has them.
      expect(get(alloys, 'EN AW-8011A').limits).toMatchObject({
        Si: { min: 0.4, max: 0.8 },
        Fe: { min: 0.5, max: 1 },
        Cu: { max: 0.1 },
        Mn: { max: 0.1 },
        Mg: { max: 0.1 },
        Cr: { max: 0.1 },
        Zn: { max: 0.1 },
        Ti: { max: 0.05 },
      })
      expect(get(tempers, 'H14').description).toMatch(/1\/2 hard/)
      return []
    })
  })

  it('has a line for every step', () => {
    const steps = found().facts.flatMap((fact) => (fact.type === 'LineDefined' ? fact.data.steps : []))
    expect([...new Set(steps)].sort()).toEqual(['cast', ...STEPS].sort())
  })

  it('is left alone once there is one', () => {
    given(plantConfigured())
      .when(({ find }) => foundPlant(find(plants, 'main')))
      .thenRecorded()
  })
})

describe('configuring the plant', () => {
  const settings = plantConfigured().data
  it('is recorded when something is new', () => {
    given(plantConfigured())
      .when(({ find }) => configurePlant(settings, find(plants, 'main')))
      .thenRecorded()
    const receiptTolerance = { kg: 10, percent: 1 }
    given(plantConfigured())
      .when(({ find }) => configurePlant({ ...settings, receiptTolerance }, find(plants, 'main')))
      .thenRecorded({ type: 'PlantConfigured', data: { receiptTolerance } })
  })

  it('needs a time zone that there is', () => {
    given()
      .when(() => configurePlant({ ...settings, timeZone: 'Europe/Slatina' }, undefined))
      .thenRefused('unknown-time-zone', { timeZone: 'Europe/Slatina' })
  })
})
