import { z } from 'zod'
import { configSchema, SECRETS } from '#platform/config'
import { code, table } from './markdown.js'

/** Every environment variable that the product reads. */
export function settingsTable(): string {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: 'input' })
  const rows = table(
    ['variable', 'unless set', 'what it is'],
    Object.entries(properties).map(([name, schema]) => {
      const { default: unlessSet, description = '', enum: choices } = schema as z.core.JSONSchema.BaseSchema
      const oneOf = choices ? `; one of ${choices.map((choice) => code(String(choice))).join(', ')}` : ''
      return [code(name), unlessSet === undefined ? '' : code(String(unlessSet)), `${description}${oneOf}`]
    }),
  )
  return `${rows}\n\nInstead of ${SECRETS.map(code).join(', ')} a file may be named, by the same name with \`_FILE\` behind it.\n`
}
