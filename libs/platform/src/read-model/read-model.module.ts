/** PostgreSQL for a read model: a schema, its tables by migrations, and a TypeORM DataSource by the schema's name. */
import { type DynamicModule, Logger, Module, type Type } from '@nestjs/common'
import { TypeOrmModule } from '@nestjs/typeorm'
import pg from 'pg'
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm'
import { DATABASE_URL } from '../store.js'

const POOL_SIZE = 10

export interface ReadModelOptions {
  /** Of the app alone; also the name for `@InjectDataSource(schema)` and `@InjectRepository(Row, schema)`. */
  readonly schema: string
  readonly entities: readonly Type[]
  /** Run in the order of their names' timestamps, before anything uses the DataSource. */
  readonly migrations: readonly Type<MigrationInterface>[]
}

@Module({})
export class ReadModelModule {}

export function readModelModule({ schema, entities, migrations }: ReadModelOptions): DynamicModule {
  return {
    module: ReadModelModule,
    imports: [
      TypeOrmModule.forRootAsync({
        name: schema,
        inject: [DATABASE_URL],
        useFactory: (url: string) => ({
          ...dataSourceOptions(url, schema, [...entities], [...migrations]),
          retryAttempts: 3,
          retryDelay: 1_000,
        }),
        dataSourceFactory: async (options) => openMigrated(options!, schema),
      }),
      TypeOrmModule.forFeature([...entities], schema),
    ],
    exports: [TypeOrmModule],
  }
}

function dataSourceOptions(url: string, schema: string, entities: Type[], migrations: Type<MigrationInterface>[]) {
  const logger = new Logger('PostgreSQL')
  return {
    type: 'postgres',
    url,
    schema,
    entities,
    migrations,
    migrationsTableName: 'migration',
    poolSize: POOL_SIZE,
    applicationName: `coiltrail ${schema}`,
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: Error) => logger.warn(`A connection of ${schema} was lost: ${error.message}`),
    // Raw SQL of the app finds its own tables; extensions stand in public.
    extra: { options: `-c search_path=${schema},public`, keepAlive: true },
  } as const satisfies DataSourceOptions
}

/** Several replicas may start at once: one migrates, the others wait. */
async function openMigrated(options: DataSourceOptions, schema: string): Promise<DataSource> {
  const lock = new pg.Client({ connectionString: (options as { url: string }).url })
  // When the database is stopped in the middle of a start that fails, nobody waits for an answer to hear of it.
  lock.on('error', () => {})
  await lock.connect()
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtextextended($1, 0))`, [`coiltrail migration ${schema}`])
    await lock.query(`CREATE SCHEMA IF NOT EXISTS ${lock.escapeIdentifier(schema)}`)
    const source = await new DataSource(options).initialize()
    try {
      await source.runMigrations({ transaction: 'each' })
      return source
    } catch (error) {
      await source.destroy()
      throw error
    }
  } finally {
    await lock.end()
  }
}
