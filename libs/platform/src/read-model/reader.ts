/**
 * How read models are asked: always for whoever the work at hand is done for, and by a database role that sees what
 * they may see. What a partner asks runs in a transaction that names the partner; row-level security does the rest, so
 * that a statement without any condition shows a partner their own rows and nothing else.
 */
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { Inject } from '@nestjs/common'
import pg from 'pg'
import type { DataSource, QueryRunner } from 'typeorm'
import { currentActor } from '../identity/acting.js'
import { tryLater } from '../problems/problem.js'

export const readerOf = (readModel: string) => `Reader ${readModel}`

/** Longer than any question of a partner needs: one that takes more would take it from everybody. */
const PARTNERS_PATIENCE_MS = 10_000

/** The `Reader` of a read model: `@InjectReader('inventory') private readonly reader: Reader`. */
export const InjectReader = (readModel: string) => Inject(readerOf(readModel))

export class Reader {
  constructor(
    private readonly forStaff: DataSource,
    private readonly forPartners: DataSource,
  ) {}

  /** Whose metal alone may be seen; undefined for staff, who see all. For quicker plans only: it protects nothing. */
  get partner(): string | undefined {
    return whoAsks()
  }

  /** @throws Error when nobody is known for whom it is asked; for partners Problem 503, when it cannot be answered now */
  async query<Rows = unknown[]>(text: string, values: readonly unknown[] = []): Promise<Rows> {
    const partner = whoAsks()
    if (partner === undefined) return this.forStaff.query<Rows>(text, [...values])
    return this.asPartner(partner, async (runner) => {
      const rows = (await runner.query(text, [...values])) as Rows
      await runner.query('COMMIT')
      return rows
    })
  }

  /** Rows as they are read, once the first of them are there. Holds a connection until the stream is closed: destroy it when nobody reads on. */
  async stream(text: string, values: readonly unknown[]): Promise<Readable> {
    const partner = whoAsks()
    const runner = (partner === undefined ? this.forStaff : this.forPartners).createQueryRunner()
    const leave = async () => {
      if (partner !== undefined) await runner.query('ROLLBACK').catch(() => {})
      await runner.release()
    }
    try {
      if (partner !== undefined) await runner.query(beginFor(partner))
      const rows: Readable = await runner.stream(text, [...values])
      rows.once('close', () => void leave())
      return await begun(rows)
    } catch (error) {
      await leave()
      throw asTold(error)
    }
  }

  private async asPartner<Answer>(partner: string, work: (runner: QueryRunner) => Promise<Answer>): Promise<Answer> {
    const runner = this.forPartners.createQueryRunner()
    try {
      await runner.query(`${beginFor(partner)}; SET LOCAL statement_timeout = ${PARTNERS_PATIENCE_MS}`)
      return await work(runner)
    } catch (error) {
      // On a connection that is gone it fails as well; the first error says more.
      await runner.query('ROLLBACK').catch(() => {})
      throw asTold(error)
    } finally {
      await runner.release()
    }
  }
}

function whoAsks(): string | undefined {
  const { role, partner } = currentActor()
  if (role !== 'partner') return undefined
  // Nobody's metal is not everybody's.
  if (!partner) throw new Error('a partner without a code of their own asks')
  return partner
}

/** One way to the database for both. The partner is forgotten with the transaction, whatever comes next here. */
const beginFor = (partner: string) =>
  `BEGIN READ ONLY; SELECT set_config('coiltrail.partner', ${pg.escapeLiteral(partner)}, true)`

/** What goes wrong before the first row can still be answered as a problem. */
async function begun(rows: Readable): Promise<Readable> {
  await once(rows, 'readable')
  return rows
}

function asTold(error: unknown): unknown {
  switch ((error as { code?: string }).code) {
    // Tables of an older version have no views for partners: see `partnersSee` in libs/projection.
    case '42P01':
      return tryLater('not-yet-visible', 'This is being rebuilt for a new version, and can be seen then.', 30)
    case '57014':
      return tryLater(
        'takes-too-long',
        `This takes more than ${PARTNERS_PATIENCE_MS / 1000} seconds: ask for less.`,
        30,
      )
    default:
      return error
  }
}
