/** Pieces of sentences: weights, dimensions, lists. */
import type { MassBalance, Override, Product } from '#domain/words'

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

export const kg = (weight: number) => `${whole.format(weight)} kg`

/** With its sign: what was gained or lost. */
export const change = (weight: number) => (weight > 0 ? `+${kg(weight)}` : weight < 0 ? `−${kg(-weight)}` : 'no change')

export const strip = ({ alloy, temper, gaugeMm, widthMm }: Product) => `${alloy} ${temper}, ${gaugeMm} × ${widthMm} mm`

export const list = (items: readonly string[], most = 5): string =>
  items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} and ${items.length - most} more`

export const count = (n: number, one: string, many = `${one}s`) => `${whole.format(n)} ${n === 1 ? one : many}`

/** `, ` and the words, if there are any. */
export const also = (words: string | undefined, before = ', ') => (words ? `${before}${words}` : '')

export const because = (reason: string) => `: ${reason}`

export const balance = ({ inKg, outKg, scrapKg, lossKg, differenceKg }: MassBalance) =>
  `${kg(inKg)} in, ${kg(outKg)} out, ${kg(scrapKg)} scrap, ${kg(lossKg)} loss${differenceKg === 0 ? '' : `, difference ${change(differenceKg)}`}`

/** Who asked and who agreed; the one who agreed, where it was recorded before two had to. */
export const both = ({ requestedBy, approvedBy }: Pick<Override, 'requestedBy' | 'approvedBy'>) =>
  requestedBy ? `${requestedBy} and ${approvedBy}` : approvedBy

export const overridden = (override: Override | undefined) =>
  override ? `; accepted outside the tolerance by ${both(override)}: ${override.reason}` : ''

/** An instant to the minute, in UTC: who reads it knows the plant's own clock from the entry's time. */
export const minute = (instant: string) => `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`
