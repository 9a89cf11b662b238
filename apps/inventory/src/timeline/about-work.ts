import type { CastingEvent } from '#domain/casting/events'
import type { MeltEvent } from '#domain/melt/events'
import type { PackEvent } from '#domain/pack/events'
import type { ProcessingEvent } from '#domain/processing/events'
import { also, balance, because, count, kg, list, minute, overridden } from './phrases.js'
import type { Sentences } from './sentences.js'

type Types = CastingEvent['type'] | MeltEvent['type'] | PackEvent['type'] | ProcessingEvent['type']

const coilsOf = (inputs: readonly { coil: string }[]) => list(inputs.map(({ coil }) => coil))
const origins = { furnace: 'made', remelt: 'remelted', supplier: 'declared by its supplier' } as const

export const aboutWork: Sentences<Types> = {
  MeltRecorded: (d) =>
    `Melt ${d.castNumber} of ${d.alloy} ${origins[d.origin]}${also(d.furnace, ' in ')}${
      d.netWeightKg === undefined ? '' : `, ${kg(d.netWeightKg)}`
    }${d.from.length ? ` from ${coilsOf(d.from)}` : ''}`,
  MeltAnalysed: (d) =>
    `Melt ${d.castNumber} analysed as ${d.alloy}: ${
      d.outside.length === 0
        ? 'within the limits'
        : `outside the limits in ${list(d.outside.map(({ element, value }) => `${element} ${value} %`))}`
    }${d.accepted ? `; accepted by ${d.accepted.acceptedBy}: ${d.accepted.reason}` : ''}`,
  MeltCharged: (d) => `Melt ${d.castNumber} charged to casting run ${d.castingRun}`,
  CastingRunStarted: (d) => `Casting run ${d.castingRun} of ${d.alloy} started on ${d.line}`,
  MeltAddedToRun: (d) => `Melt ${d.castNumber} added to casting run ${d.castingRun}, ${kg(d.netWeightKg)}`,
  CoilCastInRun: (d) => `Coil ${d.coil} cast in run ${d.castingRun}, ${kg(d.netWeightKg)}`,
  CastingRunFinished: (d) =>
    `Casting run ${d.castingRun} finished on ${d.line}: ${count(d.coils.length, 'coil')}, ${balance(d.balance)}${overridden(d.override)}`,
  PackMade: (d) => `Pack ${d.pack} made of ${list(d.coils)}`,
  PackMoved: (d) => `Pack ${d.pack} moved from ${d.from} to ${d.to}`,
  PackOpened: (d) => `Pack ${d.pack} opened, ${list(d.coils)} taken out${because(d.reason)}`,
  ProcessOrderPlanned: (d) =>
    `Order ${d.processOrder} planned on ${d.line}: ${d.step} ${list(d.inputs)}${
      d.dueAt ? `, due ${minute(d.dueAt)}` : ''
    }${d.mixed ? `; mixed on purpose: ${d.mixed.reason}` : ''}`,
  ProcessOrderStarted: (d) => `Order ${d.processOrder} started on ${d.line}: ${d.step} ${coilsOf(d.inputs)}`,
  ProcessOrderCompleted: (d) =>
    `Order ${d.processOrder} completed on ${d.line}: ${d.step} ${coilsOf(d.inputs)} into ${
      d.melt ? `melt ${d.melt.castNumber}` : coilsOf(d.outputs) || 'nothing'
    }; ${balance(d.balance)}${overridden(d.override)}`,
  ProcessOrderAborted: (d) => `Order ${d.processOrder} aborted on ${d.line}${because(d.reason)}`,
}
