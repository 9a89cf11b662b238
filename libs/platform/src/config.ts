/** What can be set from outside, all of it by environment variables, read once at start. */
import { z } from 'zod'

export const configSchema = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('where Coiltrail answers HTTP; 0 takes any free port, and says which'),
  HOST: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('0.0.0.0 lets other machines in; until then only this one can reach Coiltrail'),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: 'must be a PostgreSQL address: postgres://user:password@host/database' })
    .optional()
    .describe('your own PostgreSQL; without it Coiltrail starts one in COILTRAIL_DATA'),
  COILTRAIL_DATA: z
    .string()
    .min(1)
    .optional()
    .describe('folder that holds everything that is kept; .coiltrail where Coiltrail is started, unless told'),
  COILTRAIL_TOKENS_FILE: z
    .string()
    .min(1)
    .optional()
    .describe('first start writes the access tokens here, for programs, instead of showing them'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'log', 'debug'])
    .default('log')
    .describe('the least that is worth a line: each shows itself and those before it'),
})

export type Config = z.output<typeof configSchema>

/** Injection token of the `Config`. */
export const CONFIG = Symbol('CONFIG')

/** @throws Error that lists every variable at fault, in words. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is how shells and compose files say "not set".
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const { success, data, error } = configSchema.safeParse(set)
  if (success) return data
  const faults = error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`These settings are not right:\n${faults.join('\n')}`)
}
