/** Asks the tables that a projection fills: `imports: [readModelModule('inventory')]`, then `@InjectReader('inventory')`. */
import { type DynamicModule, Logger, Module } from '@nestjs/common'
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm'
import pg from 'pg'
import { DataSource, type DataSourceOptions } from 'typeorm'
import { DATABASE_URL } from '../store.js'
import { Reader, readerOf } from './reader.js'
import { ensureReaderRoles, PARTNER_ROLE, partnersSchema, STAFF_ROLE } from './roles.js'

const CONNECTIONS = 10

@Module({})
export class ReadModelModule {}

/** `name` is the projection's, and that of its schema. */
export function readModelModule(name: string): DynamicModule {
  const partners = partnersSchema(name)
  return {
    module: ReadModelModule,
    imports: [dataSource(name, STAFF_ROLE), dataSource(partners, PARTNER_ROLE)],
    providers: [
      {
        provide: readerOf(name),
        inject: [getDataSourceToken(name), getDataSourceToken(partners)],
        useFactory: (forStaff: DataSource, forPartners: DataSource) => new Reader(forStaff, forPartners),
      },
    ],
    exports: [readerOf(name)],
  }
}

function dataSource(schema: string, role: string): DynamicModule {
  return TypeOrmModule.forRootAsync({
    name: schema,
    inject: [DATABASE_URL],
    useFactory: (url: string) => ({ ...optionsOf(url, schema, role), retryAttempts: 3, retryDelay: 1_000 }),
    dataSourceFactory: async (options) => {
      await withRoles((options as { url: string }).url)
      return new DataSource(options!).initialize()
    },
  })
}

function optionsOf(url: string, schema: string, role: string) {
  const logger = new Logger('PostgreSQL')
  return {
    type: 'postgres',
    url,
    schema,
    poolSize: CONNECTIONS,
    applicationName: `coiltrail ${schema}`,
    connectTimeoutMS: 5_000,
    poolErrorHandler: (error: Error) => logger.warn(`A connection of ${schema} was lost: ${error.message}`),
    extra: {
      // Raw SQL finds its own tables, or a partner's views of them; extensions stand in public. Nothing is written here.
      options: `-c role=${role} -c search_path=${schema},public -c default_transaction_read_only=on`,
      keepAlive: true,
    },
  } as const satisfies DataSourceOptions
}

/** Before the first connection: one that asks for a role that does not exist is refused. */
async function withRoles(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  // When the database is stopped in the middle of a start that fails, nobody waits for an answer to hear of it.
  client.on('error', () => {})
  await client.connect()
  try {
    await ensureReaderRoles(client)
  } finally {
    await client.end()
  }
}
