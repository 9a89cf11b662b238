import { z } from 'zod'
import { type EventsOf, version1 } from '../event.js'
import {
  alloyName,
  calendarDate,
  coilNumber,
  element,
  lineCode,
  locationCode,
  orderNumber,
  partnerCode,
  reason,
  temperCode,
  words,
} from '../words.js'

/** Steps that a line can do. `cast` is a caster's; the others are process steps. */
export const STEPS = [
  'anneal',
  'homogenise',
  'roll',
  'level',
  'coat',
  'edge-trim',
  'slit',
  'divide',
  'join',
  'cut-to-length',
  'remelt',
] as const
export const step = z.enum(STEPS)
export type Step = z.output<typeof step>

export const partnerRole = z.enum(['owner', 'supplier', 'customer', 'processor', 'carrier'])

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day is written HH:MM')

/** How far a mass balance may be off: the larger of a fixed weight and a share of the metal put in. */
export const massTolerance = z.strictObject({ kg: z.number().min(0).max(10_000), percent: z.number().min(0).max(10) })
export type MassTolerance = z.output<typeof massTolerance>

/** Shifts of a line, every day alike, in the plant's time zone. A shift belongs to the day it began. */
export const shift = z.strictObject({ name: words(20), startsAt: timeOfDay, hours: z.number().min(0.25).max(24) })
export type Shift = z.output<typeof shift>

const plantSettings = z.strictObject({
  name: words(100),
  company: partnerCode.describe('the partner that this plant is: owner of its own metal, holder of what lies here'),
  timeZone: words(60).describe('IANA name, e.g. Europe/Bucharest'),
  receiptTolerance: massTolerance.describe('between announced and weighed mass of a coil'),
})

const partner = z.strictObject({
  partner: partnerCode,
  name: words(200),
  country: z.string().regex(/^[A-Z]{2}$/, 'a country is an ISO 3166 code of two letters'),
  roles: z.array(partnerRole).min(1).max(5),
})

const location = z.strictObject({
  location: locationCode,
  name: words(100),
  kind: z.enum(['bay', 'yard', 'store', 'gate']),
  capacityCoils: z.int().min(1).max(100_000).nullable().describe('null: no limit'),
})

const line = z.strictObject({
  line: lineCode,
  name: words(100),
  kind: z.enum(['caster', 'furnace', 'mill', 'leveller', 'coater', 'slitter', 'cutter', 'joiner']),
  steps: z
    .array(z.union([step, z.literal('cast')]))
    .min(1)
    .max(12),
  tolerance: massTolerance,
  shifts: z.array(shift).min(1).max(6),
})

const lineWork = z.strictObject({ line: lineCode, by: z.enum(['casting-run', 'process-order']), number: orderNumber })
export type LineWork = z.output<typeof lineWork>

export const limits = z.record(
  element,
  z.strictObject({ min: z.number().min(0).max(100).optional(), max: z.number().min(0).max(100).optional() }),
)
export type Limits = z.output<typeof limits>

const alloy = z.strictObject({ alloy: alloyName, limits: limits.describe('mass-%') })
const temper = z.strictObject({ temper: temperCode, description: words(200) })
const mandate = z.strictObject({
  partner: partnerCode,
  mandate: words(40),
  validFrom: calendarDate,
  validTo: calendarDate,
})

/** Streams `plant-main`, `partner-<code>`, `location-<code>`, `line-<code>`, `alloy-<name>`, `temper-<code>`. */
export const plantEvents = {
  PlantConfigured: version1(plantSettings),
  PartnerRegistered: version1(partner),
  PartnerChanged: version1(partner),
  /** The owner lets the plant sell the owner's metal, from and to these days (both included, plant time). */
  SalesMandateGranted: version1(mandate),
  SalesMandateRevoked: version1(z.strictObject({ partner: partnerCode, mandate: words(40), reason })),
  LocationDefined: version1(location),
  LocationChanged: version1(location),
  CoilStored: version1(z.strictObject({ location: locationCode, coil: coilNumber })),
  CoilTaken: version1(z.strictObject({ location: locationCode, coil: coilNumber })),
  LineDefined: version1(line),
  LineChanged: version1(line),
  /** A run or an order has the line from now on, until it frees it: of two that want it at once, one gets it. */
  LineEngaged: version1(lineWork),
  LineFreed: version1(lineWork),
  AlloyDefined: version1(alloy),
  AlloyChanged: version1(alloy),
  TemperDefined: version1(temper),
} as const
export type PlantEvent = EventsOf<typeof plantEvents>
export type PlantSettings = z.output<typeof plantSettings>
export type Partner = z.output<typeof partner>
export type Location = z.output<typeof location>
export type Line = z.output<typeof line>
export type Alloy = z.output<typeof alloy>
export type Mandate = z.output<typeof mandate>
export {
  alloy as alloySchema,
  line as lineSchema,
  location as locationSchema,
  mandate as mandateSchema,
  partner as partnerSchema,
  plantSettings as plantSettingsSchema,
  temper as temperSchema,
}
