import type { PlantClient } from './plant-client.js'

/** A coil's own books, as the passport answers them. All whole kg. */
interface CoilBooks {
  readonly initialKg: number
  readonly adjustmentKg: number
  readonly returnedKg: number
  readonly processedKg: number
  readonly remeltedKg: number
  readonly scrapKg: number
  readonly lossKg: number
  readonly differenceKg: number
  readonly dispatchedKg: number
  readonly onHandKg: number
}

interface StockCoil {
  readonly coil: string
  readonly physical: string
  readonly netWeightKg: number
}

interface Passport extends StockCoil {
  readonly books: CoilBooks
  readonly mothers: readonly { coil: string; kg: number }[]
  readonly children: readonly { coil: string; kg: number }[]
}

export interface Books {
  readonly coils: number
  /** Received, cast and adjusted. */
  readonly inKg: number
  readonly onHandKg: number
  /** Dispatched and not returned. */
  readonly soldKg: number
  readonly scrapKg: number
  /** Dross, and what scales disagreed on. */
  readonly lossKg: number
  /** Melted down again; what is cast from it comes in again. */
  readonly remeltedKg: number
  readonly faults: readonly string[]
}

const PHYSICAL = 'expected,in-stock,in-process,consumed,scrapped,packed,dispatched,delivered'

/**
 * Balances the books from the API's answers alone: every coil in itself, every mother with its children,
 * and all together: kg in = on hand + sold + scrap + loss + remelted.
 * @param prefix only coils whose number begins so: those of one simulation
 */
export async function balanceBooks(
  client: PlantClient,
  prefix: string,
  onProgress: (done: number, total: number) => void,
): Promise<Books> {
  const coils = await allCoils(client, prefix)
  const faults: string[] = []
  const sum = { inKg: 0, onHandKg: 0, soldKg: 0, scrapKg: 0, lossKg: 0, remeltedKg: 0 }
  const passports = new Map<string, Passport>()
  for (let from = 0; from < coils.length; from += 20) {
    const some = await Promise.all(
      coils.slice(from, from + 20).map((coil) => client.get<Passport>(`/api/coils/${coil.coil}`)),
    )
    for (const passport of some) passports.set(passport.coil, passport)
    onProgress(passports.size, coils.length)
  }
  for (const passport of passports.values()) {
    const { coil, books, physical, mothers, children } = passport
    if (physical === 'expected') continue
    const here = books.onHandKg
    const cameIn = books.initialKg + books.adjustmentKg + books.returnedKg
    const wentOut =
      books.processedKg + books.remeltedKg + books.scrapKg + books.lossKg + books.differenceKg + books.dispatchedKg
    if (cameIn !== wentOut + here)
      faults.push(`${coil}: ${cameIn} kg came in, ${wentOut} kg went out, ${here} kg are here`)
    for (const child of children) {
      const back = passports.get(child.coil)?.mothers.find((mother) => mother.coil === coil)
      if (back?.kg !== child.kg)
        faults.push(`${coil} gave ${child.kg} kg to ${child.coil}, which has ${back?.kg} kg of it`)
    }
    const given = children.reduce((kg, child) => kg + child.kg, 0)
    if (given !== books.processedKg)
      faults.push(`${coil}: ${books.processedKg} kg processed, but its children have ${given} kg`)
    const taken = mothers.reduce((kg, mother) => kg + mother.kg, 0)
    if (mothers.length > 0 && taken !== books.initialKg) {
      faults.push(`${coil}: began with ${books.initialKg} kg, of which its mothers gave ${taken} kg`)
    }
    sum.inKg += (mothers.length > 0 ? 0 : books.initialKg) + books.adjustmentKg
    sum.onHandKg += here
    sum.soldKg += books.dispatchedKg - books.returnedKg
    sum.scrapKg += books.scrapKg
    sum.lossKg += books.lossKg + books.differenceKg
    sum.remeltedKg += books.remeltedKg
  }
  const out = sum.onHandKg + sum.soldKg + sum.scrapKg + sum.lossKg + sum.remeltedKg
  if (sum.inKg !== out)
    faults.push(`all together: ${sum.inKg} kg in, but ${out} kg on hand, sold, scrapped, lost and remelted`)
  faults.push(...missing(client, passports, sum.inKg))
  return { coils: passports.size, ...sum, faults }
}

/** What the plant acknowledged must be there: every coil, and every kilogram that came in from outside. */
function missing(client: PlantClient, passports: ReadonlyMap<string, Passport>, inKg: number): string[] {
  const facts = [...client.acknowledged.values()].flatMap((outcome) => outcome.events)
  const entered = facts.filter(({ type }) => ['CoilReceived', 'CoilCast', 'CoilProduced'].includes(type))
  const faults = entered
    .filter(({ data }) => !passports.has(String(data.coil)))
    .map(({ data, type }) => `${data.coil}: ${type} was acknowledged, but the coil is not found`)
  const unique = new Map(facts.map((fact) => [fact.id, fact]))
  let told = 0
  for (const { type, data } of unique.values()) {
    if (type === 'CoilReceived' || type === 'CoilCast') told += Number(data.netWeightKg)
    if (type === 'CoilWeighed' || type === 'CoilWeightCorrected') told += Number(data.adjustmentKg)
  }
  if (told !== inKg) faults.push(`${told} kg in were acknowledged, the plant says ${inKg} kg`)
  return faults
}

async function allCoils(client: PlantClient, prefix: string): Promise<StockCoil[]> {
  const coils: StockCoil[] = []
  const search = `/api/stock?physical=${PHYSICAL}&q=${encodeURIComponent(prefix)}&limit=200&after=${client.token}`
  for (let next: string | null = ''; next !== null; ) {
    const page: { items: StockCoil[]; next: string | null } = await client.get(
      `${search}${next && `&cursor=${encodeURIComponent(next)}`}`,
    )
    coils.push(...page.items)
    next = page.next
  }
  return coils.filter((coil) => coil.coil.startsWith(prefix))
}
