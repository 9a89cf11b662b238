/** The one shape of an error over HTTP: RFC 9457, with the rule that was broken and every fault at once. */

/** One of several things that are wrong. */
export interface ProblemFault {
  readonly rule: string
  readonly message: string
  /** JSON pointer of the field at fault, e.g. `/outputs/2/widthMm`. */
  readonly pointer?: string
  /** Where the pointer points into; the body when left out. */
  readonly in?: 'query' | 'path' | 'header'
  /** What stood there, if it is short. */
  readonly value?: unknown
  readonly values?: Readonly<Record<string, unknown>>
}

export interface ProblemExtras {
  readonly values?: Readonly<Record<string, unknown>>
  readonly errors?: readonly ProblemFault[]
  readonly headers?: Readonly<Record<string, string>>
  /** In words; made from the rule's name when left out. */
  readonly title?: string
}

/** Thrown anywhere in a request, it becomes its answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  constructor(
    readonly status: number,
    /** Stable, kebab-case: the last part of `type`, and part of the API. */
    readonly rule: string,
    /** What happened and what to do, for the person at the screen. */
    readonly detail: string,
    readonly extras: ProblemExtras = {},
  ) {
    super(`${rule}: ${detail}`)
  }

  /** The body of the answer to a request for `instance`. */
  body(instance: string, correlationId?: string): Record<string, unknown> {
    const { values, errors, title } = this.extras
    return {
      type: `/problems/${this.rule}`,
      title: title ?? inWords(this.rule),
      status: this.status,
      detail: this.detail,
      instance,
      rule: this.rule,
      ...(values && { values }),
      ...(errors && { errors }),
      ...(correlationId && { correlationId }),
    }
  }
}

/** `coil-on-hold` -> `Coil on hold` */
function inWords(rule: string): string {
  const words = rule.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Something that will pass: the same request may go through after a moment. */
export function tryLater(rule: string, detail: string, seconds: number, extras: ProblemExtras = {}): Problem {
  return new Problem(503, rule, detail, { ...extras, headers: { 'Retry-After': String(seconds) } })
}
