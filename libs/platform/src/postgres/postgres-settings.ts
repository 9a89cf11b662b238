/** How the embedded PostgreSQL is set up: one plant on one machine that it shares with Coiltrail itself. */
import { totalmem } from 'node:os'

const MB = 1024 * 1024

export function settingsOf(port: number, durable: boolean): Record<string, string | number> {
  const memory = totalmem() / MB
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 250,
    shared_buffers: durable ? `${Math.round(Math.min(Math.max(memory / 8, 128), 1024))}MB` : '64MB',
    effective_cache_size: `${Math.round(memory / 2)}MB`,
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '4GB',
    min_wal_size: '256MB',
    wal_compression: 'on',
    // Local disks are near to random access, whatever they are made of, once the cache above holds the hot part.
    random_page_cost: 1.1,
    // Our queries are short: compiling one costs more than running it.
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    // A statement may hold what people wrote about a coil; a failed one is reported by us, not by PostgreSQL's log.
    log_min_error_statement: 'panic',
    ...(durable
      ? { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
}
