import { z } from 'zod'
import { Problem } from '#platform/problems/problem'

const MOST_VALUES = 100

/** One or many: `?alloy=A&alloy=B`, or `?alloy=A,B`. */
export const many = <Item extends z.ZodType<unknown, string>>(item: Item) =>
  z
    .union([z.string().max(5_000), z.array(z.string().max(200)).max(MOST_VALUES)])
    .transform((given) => (typeof given === 'string' ? given.split(',') : given).map((value) => value.trim()))
    .pipe(z.array(item).min(1).max(MOST_VALUES))
    .optional()
    .describe('one, or several with commas between')

export const yesOrNo = z.enum(['true', 'false']).transform((text) => text === 'true')

/** Values of a statement, gathered while it is written. */
export class Values {
  readonly all: unknown[] = []

  /** Its place in the statement: `$1`. */
  of(value: unknown): string {
    this.all.push(value)
    return `$${this.all.length}`
  }
}

export const where = (conditions: readonly string[]) =>
  conditions.length === 0 ? '' : `WHERE ${conditions.map((condition) => `(${condition})`).join(' AND ')}`

export function unknown(thing: string, id: string): Problem {
  return new Problem(404, `unknown-${thing.replaceAll(' ', '-')}`, `There is no ${thing} ${id}.`, {
    values: { [thing.replaceAll(/ (.)/g, (_, letter: string) => letter.toUpperCase())]: id },
  })
}
