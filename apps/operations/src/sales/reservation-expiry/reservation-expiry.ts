import { setTimeout as sleep } from 'node:timers/promises'
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type pg from 'pg'
import { coils } from '#domain/coil/state'
import { expireReservation } from '#domain/sales/decide/expire-reservation'
import { coilsReservedBy } from '#domain/sales/decide/extend-reservation'
import { salesOrders } from '#domain/sales/state'
import { Clock } from '#platform/clock'
import type { ReadModelPosition } from '#platform/consistency'
import type { Actor } from '#platform/identity/roles'
import { makePool } from '#platform/postgres/pool'
import { Shutdown } from '#platform/shutdown'
import { DATABASE_URL } from '#platform/store'
import { runnerOf } from '#projection/projection.module'
import { CommandPipeline } from '../../pipeline/command-pipeline.js'
import { PlantCommand } from '../../pipeline/plant-command.js'
import { operationsProjection } from './reserved-coils.projection.js'

const EVERY_MS = 1_000
const MOST_AT_ONCE = 100
/** So that what was just recorded as over is not found again. */
const SETTLED_WITHIN_MS = 5_000

const COILTRAIL: Actor = {
  kind: 'coiltrail',
  id: 'reservation-expiry',
  name: 'Coiltrail',
  role: 'administrator',
  source: 'api',
}

interface Over {
  readonly salesOrder: string
  readonly reservation: string
  readonly until: Date
}

export class ExpireReservation extends PlantCommand<{ salesOrder: string; reservation: string; occurredAt: string }> {}

/**
 * Ends reservations when their time is over, by an event. Any number of processes may do it at once, and again after
 * a restart: the command's id is made from the reservation and its end, so that each ends once.
 */
@Injectable()
export class ReservationExpiry implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Reservations')
  private readonly pool: pg.Pool
  private running: Promise<void> = Promise.resolve()

  constructor(
    private readonly pipeline: CommandPipeline,
    private readonly clock: Clock,
    private readonly shutdown: Shutdown,
    @Inject(runnerOf(operationsProjection.name)) private readonly projection: ReadModelPosition,
    @Inject(DATABASE_URL) url: string,
  ) {
    this.pool = makePool(url, 'reservations', 1)
  }

  onApplicationBootstrap(): void {
    this.running = this.watch(this.shutdown.signal)
  }

  async onApplicationShutdown(): Promise<void> {
    await this.running
    await this.pool.end()
  }

  private async watch(signal: AbortSignal): Promise<void> {
    let told = ''
    while (await passed(EVERY_MS, signal)) {
      try {
        await this.expireAllOver(signal)
        told = ''
      } catch (error) {
        const { message } = error as Error
        if (message !== told) this.logger.warn(`Reservations that are over wait to be ended: ${message}`)
        told = message
      }
    }
  }

  private async expireAllOver(signal: AbortSignal): Promise<void> {
    const { rows } = await this.pool.query<Over>(
      `SELECT DISTINCT "salesOrder", reservation, until FROM operations.reserved_coils
       WHERE until <= $1 ORDER BY until LIMIT ${MOST_AT_ONCE}`,
      [this.clock.now()],
    )
    let position = 0n
    const failed: unknown[] = []
    for (const over of rows) {
      if (signal.aborted) return
      try {
        const recorded = await this.expire(over)
        if (recorded > position) position = recorded
      } catch (error) {
        // One that cannot be ended must not keep all others from ending.
        failed.push(error)
      }
    }
    if (rows.length > 0) await this.projection.waitFor(position, SETTLED_WITHIN_MS)
    if (failed.length > 0) throw failed[0]
  }

  private async expire({ salesOrder, reservation, until }: Over): Promise<bigint> {
    const end = until.toISOString()
    // With blanks, which no client's key has: nobody can take it away.
    const commandId = `expire ${salesOrder} ${reservation} ${end}`
    const request = { commandId, actor: COILTRAIL, correlationId: commandId }
    const command = new ExpireReservation(request, { salesOrder, reservation, occurredAt: end })
    const { token } = await this.pipeline.run(command, salesOrders, salesOrder, async (history, given) => {
      const order = await history.get(salesOrders, salesOrder)
      const reserved = await history.getAll(coils, coilsReservedBy(order, reservation))
      return expireReservation(reservation, reserved, given)
    })
    return BigInt(token)
  }
}

/** True after the time, false as soon as the signal says stop. */
const passed = (ms: number, signal: AbortSignal): Promise<boolean> => sleep(ms, true, { signal }).catch(() => false)
