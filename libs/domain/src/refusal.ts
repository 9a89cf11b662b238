/** One reason why something is refused: the rule in words a shift leader understands, and the values involved. */
export interface Fault {
  /** Stable name of the rule, kebab-case: part of the API. */
  readonly rule: string
  readonly message: string
  readonly values: Readonly<Record<string, unknown>>
  /** JSON pointer of the field at fault in the command's body, e.g. `/outputs/2/widthMm`. */
  readonly field?: string
  /** `unknown`: the thing named does not exist. `rule`, the default: it exists, and this may not be done to it. */
  readonly kind?: 'rule' | 'unknown'
}

/** A command is refused; nothing was recorded. Carries every fault found, not only the first. */
export class Refused extends Error {
  override readonly name = 'Refused'
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map((fault) => `${fault.rule}: ${fault.message}`).join('; '))
  }
}

/** Refuses for one fault. */
export function refuse(rule: string, message: string, values: Fault['values'] = {}, field?: string): never {
  throw new Refused([{ rule, message, values, ...(field && { field }) }])
}

/** Something named in the command does not exist: a `sales-order`, whose number is among the values as `salesOrder`. */
export function unknownThing(thing: string, id: string, field?: string): Fault {
  return {
    rule: `unknown-${thing}`,
    message: `there is no ${thing.replaceAll('-', ' ')} ${id}`,
    values: { [thing.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())]: id },
    kind: 'unknown',
    ...(field && { field }),
  }
}

/** Gathers faults, so that one answer can name them all. */
export class Checks {
  readonly #faults: Fault[] = []

  /** Notes a fault unless `holds`. Says whether it held, so that checks that build on it can be left out. */
  require(holds: boolean, rule: string, message: string, values: Fault['values'] = {}, field?: string): boolean {
    if (!holds) this.add({ rule, message, values, ...(field && { field }) })
    return holds
  }

  add(...faults: readonly Fault[]): void {
    this.#faults.push(...faults)
  }

  /** @throws Refused with all faults noted, if there is any. */
  done(): void {
    if (this.#faults.length > 0) throw new Refused(this.#faults)
  }
}
