import { z } from 'zod'

/**
 * The plant's words as schemas: what a coil number, a weight or a gauge may be.
 * Limits are physical or practical bounds that no real coil passes, so that slips of the finger are caught.
 */

/** Letters, digits and `-._` only: prints on a label, reads from a barcode, has no invisible characters. */
const code = (what: string, longest: number, example: string) =>
  z
    .string()
    .max(longest, `a ${what} has at most ${longest} characters`)
    .regex(
      /^[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?$/,
      `a ${what} is made of capital letters, digits, and - . _ between them, without spaces or invisible characters`,
    )
    .meta({ examples: [example] })

export const coilNumber = code('coil number', 40, 'AZ-261107-001')
export const castNumber = code('cast number', 40, 'C26-1107-A')
export const partnerCode = code('partner code', 20, 'AZAL')
export const locationCode = code('location code', 20, 'BAY-01')
export const lineCode = code('line code', 20, 'SLIT-1')
export const orderNumber = code('order number', 40, 'PO-1')
export const agreementNumber = code('agreement number', 40, 'TA-2026-01')
export const packNumber = code('pack number', 40, 'PK-1')
export const deliveryNoteNumber = code('delivery note number', 40, 'DN-1')

/** EN 573-3 designation, e.g. `EN AW-8011A`. */
export const alloyName = z
  .string()
  .regex(/^EN AW-\d{4}[A-Z]?$/, 'an alloy is written as in EN 573-3, e.g. EN AW-8011A')
  .meta({ examples: ['EN AW-8011A'] })

/** EN 515 temper designation, e.g. `F`, `O`, `H14`. */
export const temperCode = z
  .string()
  .regex(/^(?:F|O|W|[HT]\d{1,4})$/, 'a temper is written as in EN 515, e.g. F, O or H14')
  .meta({ examples: ['H14'] })

/** Chemical symbol, or `Others` (each / total) as analyses list them. */
export const element = z
  .string()
  .regex(/^(?:[A-Z][a-z]?|OthersEach|OthersTotal)$/, 'an element is written by its symbol, e.g. Si')
  .meta({ examples: ['Si'] })

const MAX_WEIGHT_KG = 50_000
/** Whole kilograms, more than none; no coil is heavier than 50 t. */
export const weightKg = z
  .int('a weight is whole kilograms')
  .min(1, 'a weight is more than 0 kg')
  .max(MAX_WEIGHT_KG, 'no coil is heavier than 50,000 kg')
  .meta({ examples: [6853] })
/** Whole kilograms, none allowed: scrap, loss. */
export const someKg = z.int('a weight is whole kilograms').min(0, 'a weight is not negative').max(10_000_000)
/** Whole kilograms of a melt, a run or an order. */
export const bulkKg = z.int('a weight is whole kilograms').min(1, 'a weight is more than 0 kg').max(10_000_000)
/** Whole kilograms, either sign: an adjustment or a difference. */
export const signedKg = z.int('a weight is whole kilograms').min(-10_000_000).max(10_000_000)

export const gaugeMm = z
  .number()
  .min(0.004, 'nothing is thinner than 0.004 mm')
  .max(30, 'no strip is thicker than 30 mm')
  .meta({ examples: [7] })
export const widthMm = z
  .number()
  .min(5, 'no strip is narrower than 5 mm')
  .max(3000, 'no strip is wider than 3000 mm')
  .meta({ examples: [1250] })
/** Of the smallest mandrel, and of the largest coil that a crane takes. */
export const LEAST_INNER_DIAMETER_MM = 50
export const MOST_OUTER_DIAMETER_MM = 3000
export const innerDiameterMm = z
  .number()
  .min(LEAST_INNER_DIAMETER_MM, 'no coil has an inner diameter under 50 mm')
  .max(1000, 'no coil has an inner diameter over 1000 mm')
  .meta({ examples: [508] })
export const outerDiameterMm = z
  .number()
  .min(60, 'no coil has an outer diameter under 60 mm')
  .max(MOST_OUTER_DIAMETER_MM, 'no coil has an outer diameter over 3000 mm')
  .meta({ examples: [1750] })

/** Free words of a person: one line, no control, zero-width or direction-changing characters, no half ones. */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
/** Letters by their class, but nobody sees them: a reason made of them looks like none. */
const blank = /[\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/u
export const words = (longest: number) =>
  z
    .string()
    .trim()
    .min(1, 'this may not be empty')
    .max(longest, `this has at most ${longest} characters`)
    .refine(
      (text) => !hidden.test(text) && !blank.test(text),
      'this holds control, zero-width, direction-changing or broken characters',
    )
export const reason = words(500).meta({ examples: ['surface defects, seen at the leveller'] })
export const remarks = words(1000)
export const personName = words(100).meta({ examples: ['Ana Popescu'] })

/** A slip of the finger in a year is still a date, but none that every calendar and database can count. */
const isCounted = (date: string): boolean => {
  const year = new Date(date).getUTCFullYear()
  return year >= 1950 && year <= 9999
}
const NOT_COUNTED = 'the year is one from 1950 to 9999'

/** ISO 8601 with an offset; kept in UTC. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'an instant is written as in ISO 8601 with an offset, e.g. 2026-11-07T06:30:00+04:00',
    abort: true,
  })
  .refine(isCounted, NOT_COUNTED)
export const calendarDate = z.iso
  .date({ error: 'a date is written YYYY-MM-DD', abort: true })
  .refine(isCounted, NOT_COUNTED)

/** What a strip is: everything that a weight, a rule or a buyer asks for, but its weight. */
export const product = z.strictObject({
  form: z.enum(['coil', 'pack']).describe('pack: sheets cut to length'),
  alloy: alloyName,
  temper: temperCode,
  gaugeMm,
  widthMm,
  innerDiameterMm: innerDiameterMm.optional(),
  outerDiameterMm: outerDiameterMm.optional(),
  lengthMm: z.number().min(0.1).max(20_000).optional().describe('sheets only'),
  sheets: z.int().min(1).max(100_000).optional().describe('sheets only'),
})
export type Product = z.output<typeof product>

export const weighing = z.strictObject({
  by: z.enum(['scale', 'declared']),
  scale: words(40).optional(),
})

/** Kilograms of one coil that went into, or came from, something. */
export const share = z.strictObject({ coil: coilNumber, kg: someKg })
export type Share = z.output<typeof share>

/** Kilograms of one melt in a coil. */
export const meltShare = z.strictObject({ castNumber, kg: someKg })
export type MeltShare = z.output<typeof meltShare>

/** Who asked for what needs two, and who agreed. */
export const bothPersons = {
  requestedBy: personName.optional().describe('left out where it was recorded before two had to agree'),
  approvedBy: personName,
}

/** A rule is to be overridden, and why: a second person must agree. */
export const overrideAsked = z.strictObject({ reason })
export type OverrideAsked = z.output<typeof overrideAsked>

/** Why a rule was overridden, who asked for it and who agreed. */
export const override = z.strictObject({ reason, ...bothPersons })
export type Override = z.output<typeof override>

/** As it was written while one person named whom they liked. */
export const overrideByOne = z.strictObject({ reason, approvedBy: personName })

/** Mass balance of one run or order, whole kg: `differenceKg = inKg - outKg - scrapKg - lossKg`, booked, never hidden. */
export const massBalance = z.strictObject({
  inKg: someKg,
  outKg: someKg,
  scrapKg: someKg,
  lossKg: someKg,
  differenceKg: signedKg,
})
export type MassBalance = z.output<typeof massBalance>
