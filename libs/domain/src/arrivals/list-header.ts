import { z } from 'zod'
import { agreementNumber, instant, partnerCode, words } from '../words.js'
import { shown } from './columns.js'
import type { RowFault } from './events.js'

/** What is said of a packing list as a whole: beside the file, or in a comment line at its top. */
export const listHeader = z.strictObject({
  supplier: partnerCode.optional(),
  owner: partnerCode.optional(),
  agreement: agreementNumber.optional(),
  deliveryNote: words(40).optional(),
  vehicle: words(100).optional(),
  shippedAt: instant.transform((text) => new Date(text).toISOString()).optional(),
})
export type ListHeader = z.output<typeof listHeader>

/** A line such as `# delivery note: DN-26-1107; supplier: AZAL`. */
export interface CommentLine {
  readonly row: number
  readonly text: string
}

const WORDS: Readonly<Record<string, keyof ListHeader>> = {
  supplier: 'supplier',
  owner: 'owner',
  agreement: 'agreement',
  'delivery note': 'deliveryNote',
  vehicle: 'vehicle',
  shipped: 'shippedAt',
}

/** The header: what is told beside the file wins over what its comment lines say. A word that is not ours is ignored. */
export function headerOf(
  told: ListHeader,
  comments: readonly CommentLine[],
): { header: ListHeader; faults: RowFault[] } {
  const header: Record<string, string> = {}
  const faults: RowFault[] = []
  for (const { row, text } of comments) {
    for (const [word, value] of pairs(text)) {
      const key = WORDS[word]
      if (!key || !value || told[key] !== undefined) continue
      const { success, data, error } = listHeader.shape[key].safeParse(value)
      if (success) header[key] = data!
      else {
        const message = error.issues.map((issue) => issue.message).join('; ')
        faults.push({ row, column: word, value: shown(value), rule: 'comment-line-form', message })
      }
    }
  }
  const given = Object.entries(told).filter(([, value]) => value !== undefined)
  return { header: { ...header, ...Object.fromEntries(given) }, faults }
}

/** A spreadsheet that saves the line again fills the row up with separators, and may put it in quotes. */
const pairs = (text: string): [string, string][] =>
  text
    .replace(/^["#\s]+/, '')
    .replace(/[",;\s]+$/, '')
    .split(';')
    .map((part) => {
      const colon = part.indexOf(':')
      return [part.slice(0, Math.max(colon, 0)).trim().toLowerCase(), part.slice(colon + 1).trim()]
    })
