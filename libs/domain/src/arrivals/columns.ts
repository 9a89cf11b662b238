import type { z } from 'zod'
import {
  alloyName,
  calendarDate,
  castNumber,
  coilNumber,
  gaugeMm,
  innerDiameterMm,
  outerDiameterMm,
  remarks,
  temperCode,
  weightKg,
  widthMm,
} from '../words.js'

/** What one row says of a coil, where its cells could be read. Lengths in mm, weights in whole kg. */
export interface RowFacts {
  coil: string
  castNumber: string
  alloy: string
  temper: string
  gaugeMm: number
  widthMm: number
  innerDiameterMm?: number
  outerDiameterMm?: number
  netWeightKg: number
  grossWeightKg?: number
  producedOn?: string
  remarks?: string
}

/** What is wrong with a cell: the rule, and it in words. */
export interface CellFault {
  readonly rule: string
  readonly message: string
}

export interface Column {
  readonly name: string
  readonly fact: keyof RowFacts
  readonly required: boolean
  /** The value of a cell that is not empty, or what is wrong with it. */
  readonly read: (cell: string) => { value: string | number } | CellFault
}

const NUMBER = /^[+-]?\d{1,12}(?:[.,]\d{1,6})?$/
/** No thousands separator: `6.000` is refused, lest 6 t become 6 kg. */
const WHOLE = /^[+-]?\d{1,12}(?:[.,]0{1,2})?$/

function checked(schema: z.ZodType<string | number>, rule: string, value: string | number) {
  const { success, data, error } = schema.safeParse(value)
  return success ? { value: data } : { rule, message: error.issues.map((issue) => issue.message).join('; ') }
}

const text = (schema: z.ZodType<string>, rule: string) => (cell: string) => checked(schema, rule, cell)

const number = (schema: z.ZodType<number>, rule: string) => (cell: string) =>
  NUMBER.test(cell)
    ? checked(schema, rule, Number(cell.replace(',', '.')))
    : {
        rule: 'not-a-number',
        message: 'this is not a number; it is written like 7.0 or 7,0, without thousands separators',
      }

const whole = (schema: z.ZodType<number>, rule: string) => (cell: string) => {
  if (WHOLE.test(cell)) return checked(schema, rule, Number(cell.replace(',', '.')))
  return NUMBER.test(cell)
    ? { rule: 'not-whole-kilograms', message: 'a weight is whole kilograms, without thousands separators' }
    : { rule: 'not-a-number', message: 'this is not a number; a weight is written like 6853' }
}

/** A quoted cell may be broken over lines; what it says is one line. */
const oneLine = (cell: string) => checked(remarks, 'remarks-form', cell.replaceAll(/\s*[\r\n]+\s*/g, ' '))

const column = (name: string, fact: keyof RowFacts, read: Column['read'], required = true): Column => ({
  name,
  fact,
  read,
  required,
})

/** The columns of a packing list, in any order in the file; those not required may be missing or empty. */
export const COLUMNS: readonly Column[] = [
  column('coil_number', 'coil', text(coilNumber, 'coil-number-form')),
  column('cast_number', 'castNumber', text(castNumber, 'cast-number-form')),
  column('alloy', 'alloy', text(alloyName, 'alloy-form')),
  column('temper', 'temper', text(temperCode, 'temper-form')),
  column('gauge_mm', 'gaugeMm', number(gaugeMm, 'gauge-out-of-range')),
  column('width_mm', 'widthMm', number(widthMm, 'width-out-of-range')),
  column('inner_diameter_mm', 'innerDiameterMm', number(innerDiameterMm, 'diameter-out-of-range'), false),
  column('outer_diameter_mm', 'outerDiameterMm', number(outerDiameterMm, 'diameter-out-of-range'), false),
  column('net_weight_kg', 'netWeightKg', whole(weightKg, 'weight-out-of-range')),
  column('gross_weight_kg', 'grossWeightKg', whole(weightKg, 'weight-out-of-range'), false),
  column('produced_on', 'producedOn', text(calendarDate, 'not-a-date'), false),
  column('remarks', 'remarks', oneLine, false),
]

/** The column that a fault about this fact belongs to. */
export const columnOf = (fact: string): string => COLUMNS.find((one) => one.fact === fact)?.name ?? fact

/** As people can read it: short, and with characters that hide or turn text written out. */
export function shown(value: string): string {
  const visible = value.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`
  })
  return visible.length > 100 ? `${visible.slice(0, 99)}…` : visible
}
