import type { PlantFact } from '../events.js'
import type { Step } from '../plant/events.js'
import { processOrderStream, type StreamKind } from '../streams.js'

/** One run of work on a line, and what decisions need to know of it. Instants are ISO 8601, UTC. */
export interface ProcessOrder {
  readonly processOrder: string
  readonly line: string
  readonly step: Step
  readonly status: 'planned' | 'started' | 'completed' | 'aborted'
  /** Numbers of the coils that go in. */
  readonly inputs: readonly string[]
  /** Why inputs of several owners or alloys may run together. */
  readonly mixed?: { readonly reason: string }
  readonly startedAt?: string
  readonly completedAt?: string
  readonly abortedAt?: string
}

export const processOrders: StreamKind<ProcessOrder> = {
  thing: 'process-order',
  stream: processOrderStream,
  evolve(order, { type, data }) {
    switch (type) {
      case 'ProcessOrderPlanned':
        return {
          processOrder: data.processOrder,
          line: data.line,
          step: data.step,
          status: 'planned',
          inputs: data.inputs,
          mixed: data.mixed,
        }
      case 'ProcessOrderStarted':
        return order && { ...order, status: 'started', startedAt: data.startedAt }
      case 'ProcessOrderCompleted':
        return order && { ...order, status: 'completed', completedAt: data.completedAt }
      case 'ProcessOrderAborted':
        return order && { ...order, status: 'aborted', abortedAt: data.abortedAt }
      default:
        return order
    }
  },
}

/** As it goes into the order's own events: the coil as it was when the order took or consumed it. */
export type OrderInput = Extract<PlantFact, { type: 'ProcessOrderStarted' }>['data']['inputs'][number]
export type OrderOutput = Extract<PlantFact, { type: 'ProcessOrderCompleted' }>['data']['outputs'][number]
