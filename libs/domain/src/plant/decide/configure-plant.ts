import type { PlantFact } from '../../events.js'
import { Checks } from '../../refusal.js'
import { saysAlready } from '../../same.js'
import type { PlantSettings } from '../events.js'

/** Says what the plant is. Its days and shifts, past and to come, are counted in this time zone from now on. */
export function configurePlant(settings: PlantSettings, before: PlantSettings | undefined): PlantFact[] {
  const checks = new Checks()
  checks.require(
    isTimeZone(settings.timeZone),
    'unknown-time-zone',
    `there is no time zone ${settings.timeZone}; it is written by its IANA name, such as Europe/Bucharest`,
    { timeZone: settings.timeZone },
    '/timeZone',
  )
  checks.done()
  return before && saysAlready(before, settings) ? [] : [{ type: 'PlantConfigured', data: settings }]
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}
