import { type PlantFact, readFact } from '#domain/events'
import type { RecordedEvent } from '#event-store/event-store'
import { type Projection, type RowKey, type Rows, row } from '#projection/projection'
import { sharesOf } from './shares.js'
import { acrossShifts, type ShiftWindow, shiftAt } from './shift-calendar.js'
import { coilTable, leadTimeTable, lineTable, plantTable, productionTable, runningTable } from './tables.js'

const PLANT = 'main'

/** Production by line, product, shift and day; lead times; work in process. */
export const throughputProjection: Projection = {
  name: 'throughput',
  version: 1,
  tables: [plantTable, lineTable, productionTable, runningTable, coilTable, leadTimeTable],
  keys: (event) => keysOf(readFact(event)),
  apply(event, rows) {
    const fact = readFact(event)
    applyPlant(fact, rows)
    applyWork(fact, occurredAt(event), rows)
    applyCoil(fact, occurredAt(event), rows)
  },
}

const occurredAt = (event: RecordedEvent) => new Date(event.metadata.occurredAt ?? event.recordedAt)

function keysOf({ type, data }: PlantFact): RowKey[] {
  switch (type) {
    case 'CastingRunFinished':
    case 'ProcessOrderCompleted':
      return [row(plantTable, PLANT), row(lineTable, data.line)]
    case 'CoilCast':
      return [row(plantTable, PLANT), row(lineTable, data.line)]
    case 'CoilProduced':
      return data.from.map((mother) => row(coilTable, mother.coil))
    case 'CoilSold':
      return [row(plantTable, PLANT), row(coilTable, data.coil)]
    case 'TitleTransferred':
    case 'CoilWeighed':
    case 'CoilWeightCorrected':
    case 'CoilProductCorrected':
    case 'CoilProcessingStarted':
    case 'CoilProcessingAborted':
    case 'CoilTreated':
    case 'CoilConsumed':
    case 'CoilReturned':
      return [row(coilTable, data.coil)]
    default:
      return []
  }
}

function applyPlant({ type, data }: PlantFact, rows: Rows): void {
  switch (type) {
    case 'PlantConfigured':
      return rows.put(plantTable, { id: PLANT, timeZone: data.timeZone })
    case 'LineDefined':
    case 'LineChanged':
      return rows.put(lineTable, { line: data.line, name: data.name, kind: data.kind, shifts: [...data.shifts] })
  }
}

const timeZoneOf = (rows: Rows) => rows.get(plantTable, PLANT)?.timeZone ?? 'UTC'

function applyWork({ type, data }: PlantFact, at: Date, rows: Rows): void {
  switch (type) {
    case 'CoilCast': {
      const { alloy, temper, form } = data.product
      const { day, shift } = shiftOn(data.line, at, rows)
      return rows.put(productionTable, {
        ...{ work: `${data.castingRun} ${data.coil}`, part: 0, line: data.line, step: 'cast', owner: data.owner },
        ...{ alloy, temper, form, day, shift, finishedAt: at, coilsIn: 0, coilsOut: 1 },
        ...{ kgIn: data.netWeightKg, kgOut: data.netWeightKg, scrapKg: 0, lossKg: 0, differenceKg: 0 },
      })
    }
    case 'CastingRunFinished': {
      // Its coils were counted as they were cast: what is left is what did not become coils.
      const { scrapKg, lossKg, differenceKg } = data.balance
      const finishedAt = new Date(data.finishedAt)
      const common = {
        work: data.castingRun,
        line: data.line,
        step: 'cast',
        owner: data.owner,
        alloy: data.alloy,
        temper: 'F',
        form: 'coil',
      }
      const { day, shift } = shiftOn(data.line, finishedAt, rows)
      rows.put(productionTable, {
        ...{ ...common, part: 0, day, shift, finishedAt, coilsIn: 0, coilsOut: 0 },
        ...{ kgIn: scrapKg + lossKg + differenceKg, kgOut: 0, scrapKg, lossKg, differenceKg },
      })
      return putRunning(common, new Date(data.startedAt), finishedAt, rows)
    }
    case 'ProcessOrderCompleted': {
      const finishedAt = new Date(data.completedAt)
      const { day, shift } = shiftOn(data.line, finishedAt, rows)
      const common = { work: data.processOrder, line: data.line, step: data.step }
      const shares = sharesOf(data)
      shares.forEach((share, part) => {
        rows.put(productionTable, { ...common, part, ...share, day, shift, finishedAt })
      })
      const main = shares.reduce((a, b) => (b.kgIn > a.kgIn ? b : a))
      const { owner, alloy, temper, form } = main
      return putRunning({ ...common, owner, alloy, temper, form }, new Date(data.startedAt), finishedAt, rows)
    }
  }
}

function shiftOn(line: string, at: Date, rows: Rows): ShiftWindow {
  return shiftAt(at, rows.get(lineTable, line)?.shifts ?? [], timeZoneOf(rows))
}

type Work = { work: string; line: string; step: string; owner: string; alloy: string; temper: string; form: string }

function putRunning(work: Work, startedAt: Date, finishedAt: Date, rows: Rows): void {
  const shifts = rows.get(lineTable, work.line)?.shifts ?? []
  acrossShifts(startedAt, finishedAt, shifts, timeZoneOf(rows)).forEach((piece, part) => {
    const { day, shift, startsAt, endsAt } = piece
    rows.put(runningTable, { ...work, part, day, shift, startedAt: startsAt, finishedAt: endsAt })
  })
}

const OFF_LINE = { line: null, step: null, processOrder: null, since: null }

function applyCoil({ type, data }: PlantFact, at: Date, rows: Rows): void {
  switch (type) {
    case 'CoilReceived':
    case 'CoilCast':
    case 'CoilProduced': {
      const { alloy, temper, form } = data.product
      const arrivedAt =
        type === 'CoilProduced'
          ? oldest(
              data.from.map(({ coil }) => rows.get(coilTable, coil)?.arrivedAt),
              at,
            )
          : at
      const { coil, owner, netWeightKg: kg } = data
      return rows.put(coilTable, { coil, arrivedAt, owner, alloy, temper, form, kg, ...OFF_LINE })
    }
    case 'CoilWeighed':
    case 'CoilWeightCorrected':
      return rows.change(coilTable, data.coil, { kg: data.netWeightKg })
    case 'CoilProductCorrected': {
      const { alloy, temper, form } = data.product
      return rows.change(coilTable, data.coil, { alloy, temper, form })
    }
    case 'TitleTransferred':
      return rows.change(coilTable, data.coil, { owner: data.to })
    case 'CoilProcessingStarted': {
      const { line, step, processOrder } = data
      return rows.change(coilTable, data.coil, { line, step, processOrder, since: at })
    }
    case 'CoilProcessingAborted':
    case 'CoilConsumed':
      return rows.change(coilTable, data.coil, OFF_LINE)
    case 'CoilTreated':
      return rows.change(coilTable, data.coil, { ...OFF_LINE, temper: data.temper, kg: data.netWeightKg })
    case 'CoilSold': {
      const coil = rows.get(coilTable, data.coil)
      if (!coil) return
      const { day } = shiftAt(at, [], timeZoneOf(rows))
      const { owner, alloy, temper, form, arrivedAt } = coil
      const { customer, netWeightKg: kg } = data
      return rows.put(leadTimeTable, {
        coil: data.coil,
        owner,
        customer,
        alloy,
        temper,
        form,
        kg,
        day,
        arrivedAt,
        soldAt: at,
      })
    }
    case 'CoilSaleCancelled':
    case 'CoilReturned':
      return rows.delete(leadTimeTable, data.coil)
  }
}

const oldest = (instants: (Date | undefined)[], otherwise: Date): Date =>
  instants.reduce<Date>((least, at) => (at && at < least ? at : least), otherwise)
