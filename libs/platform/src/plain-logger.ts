import { ConsoleLogger } from '@nestjs/common'
import { withoutSecrets } from './identity/secrets.js'

/** Nest tells of every module and route it sets up: a screenful that hides the one line that matters. */
const CHATTER = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication'])
/** What keeps a process from starting is told by whoever boots it, in a sentence. */
const TOLD_BY_BOOT = 'ExceptionHandler'
const LEVELS = ['fatal', 'error', 'warn', 'log', 'debug'] as const

export class PlainLogger extends ConsoleLogger {
  constructor(level: 'error' | 'warn' | 'log' | 'debug') {
    super({
      prefix: 'Coiltrail',
      logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1),
      colors: process.stdout.isTTY === true,
    })
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (!CHATTER.has(String(rest.at(-1)))) super.log(message, ...(rest as [string]))
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) !== TOLD_BY_BOOT) super.error(message, ...(rest as [string]))
  }

  /** Whoever writes a line: what is secret in it does not get out. */
  protected override formatMessage(...line: Parameters<ConsoleLogger['formatMessage']>): string {
    return withoutSecrets(super.formatMessage(...line))
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(stack && withoutSecrets(stack))
  }
}
