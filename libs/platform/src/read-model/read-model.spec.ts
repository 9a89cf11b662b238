import 'reflect-metadata'
import { setTimeout as sleep } from 'node:timers/promises'
import { Injectable, Module } from '@nestjs/common'
import { InjectDataSource, InjectRepository } from '@nestjs/typeorm'
import {
  Column,
  DataSource,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
  Repository,
} from 'typeorm'
import { type TestDatabase, testDatabase } from '#test/support/postgres'
import { readConfig } from '../config.js'
import { createApp } from '../http/create-app.js'
import { readModelModule } from './read-model.module.js'

@Entity('stock')
class Stock {
  @PrimaryColumn('text')
  coil!: string

  @Column('int', { name: 'net_weight_kg' })
  netWeightKg!: number
}

class CreateStock1700000000000 implements MigrationInterface {
  name = 'CreateStock1700000000000'
  async up(runner: QueryRunner) {
    await runner.query('CREATE TABLE stock (coil text PRIMARY KEY, net_weight_kg int NOT NULL)')
  }
  async down() {}
}

@Injectable()
class StockRows {
  constructor(
    @InjectDataSource('trial') readonly source: DataSource,
    @InjectRepository(Stock, 'trial') readonly rows: Repository<Stock>,
  ) {}
}

@Module({
  imports: [readModelModule({ schema: 'trial', entities: [Stock], migrations: [CreateStock1700000000000] })],
  providers: [StockRows],
})
class TrialModule {}

describe('A read model', () => {
  let database: TestDatabase
  beforeEach(async () => {
    database = await testDatabase()
  })
  afterEach(() => database.drop())

  it('has its tables in its own schema, made once though four replicas start at the same moment', async () => {
    const start = async () => {
      const config = readConfig({ COILTRAIL_TOKENS_FILE: '/dev/null' })
      const app = await createApp(TrialModule, { config, databaseUrl: database.url, logger: false })
      await app.init()
      return app
    }
    const apps = await Promise.all([start(), start(), start(), start()])
    const [one, other] = apps.map((app) => app.get(StockRows)) as [StockRows, StockRows]
    await one.rows.insert({ coil: 'AZ-1', netWeightKg: 8200 })

    expect(await other.rows.find()).toEqual([{ coil: 'AZ-1', netWeightKg: 8200 }])
    expect(await other.source.query('SELECT net_weight_kg FROM stock')).toEqual([{ net_weight_kg: 8200 }])
    expect((await database.pool.query('SELECT name FROM trial.migration')).rows).toEqual([
      { name: 'CreateStock1700000000000' },
    ])
    for (const app of apps) await app.close()
    const end = Date.now() + 5_000
    while ((await connections(database)) > 0 && Date.now() < end) await sleep(20)
    expect(await connections(database)).toBe(0)
  })
})

async function connections({ pool }: TestDatabase): Promise<number> {
  const { rows } = await pool.query(`SELECT count(*)::int AS open FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'coiltrail%'`)
  return rows[0].open
}
