/**
 * A plant so small that it is right by looking at it: where each coil is, whose it is, what it weighs, who holds,
 * reserved or bought it. Deeds change it; the product over HTTP must agree.
 */
export interface ModelCoil {
  physical: 'in-stock' | 'in-process' | 'consumed' | 'scrapped' | 'dispatched' | 'delivered'
  owner: string
  kg: number
  place: string | undefined
  readonly holds: Set<string>
  readonly mothers: readonly string[]
  reserved?: string
  sold?: { readonly order: string; readonly seller: string; note?: string }
}

export interface ModelOrder {
  status: 'planned' | 'started' | 'completed' | 'aborted'
  readonly step: 'divide' | 'join'
  readonly inputs: readonly string[]
}

export const BAY_HOLDS = 2

/** Names of one run: none is ever used by another. */
export class Names {
  constructor(private readonly run: string) {}
  coil = (n: number) => `${this.run}-${n}`
  salesOrder = (n: number) => `${this.run}-SO${n}`
  processOrder = (n: number) => `${this.run}-PO${n}`
  note = (n: number) => `${this.run}-DN${n}`
  /** Gave a mandate to sell. */
  get giver() {
    return `${this.run}-A`
  }
  /** Gave none. */
  get keeper() {
    return `${this.run}-B`
  }
  get bay() {
    return `${this.run}-BAY`
  }
  get prefix() {
    return `${this.run}-`
  }
}

export class PlantModel {
  readonly coils = new Map<string, ModelCoil>()
  readonly processOrders = new Map<string, ModelOrder>()
  readonly cancelled = new Set<string>()
  /** Delivery note -> order. */
  readonly notes = new Map<string, string>()
  inKg = 0
  scrapKg = 0
  differenceKg = 0

  constructor(readonly names: Names) {}

  coil = (number: string): ModelCoil => this.coils.get(number)!

  knows = (...numbers: readonly string[]) => numbers.every((number) => this.coils.has(number))

  full(place: string, coming = 1): boolean {
    const there = [...this.coils.values()].filter((coil) => coil.place === place).length
    return place === this.names.bay && there + coming > BAY_HOLDS
  }

  isOnHand = (number: string) => ['in-stock', 'in-process'].includes(this.coil(number).physical)

  /** All generations. */
  descendants(number: string): string[] {
    const children = [...this.coils].filter(([, { mothers }]) => mothers.includes(number)).map(([child]) => child)
    return [...new Set(children.flatMap((child) => [child, ...this.descendants(child)]))]
  }

  ancestors(number: string): string[] {
    return [...new Set(this.coil(number).mothers.flatMap((mother) => [mother, ...this.ancestors(mother)]))]
  }

  /** Kilograms that left and did not come back. */
  get goneKg(): number {
    return this.kgOf(({ physical }) => physical === 'dispatched' || physical === 'delivered')
  }

  kgOf(which: (coil: ModelCoil) => boolean): number {
    return [...this.coils.values()].filter(which).reduce((sum, { kg }) => sum + kg, 0)
  }
}
