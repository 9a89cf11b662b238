/**
 * A server that speaks KurrentDB's own protocol, from the stubs that its client ships, as far as the event store uses
 * it: for tests on machines where no KurrentDB runs. It can go away, stall and refuse as a real one does on bad days.
 */
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { GossipService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_grpc_pb.js'
import { ServerFeaturesService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js'
import { StreamsService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js'
import { StreamsServiceService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js'
import { appendService } from './append-service.js'
import { classicAppendService } from './classic-append-service.js'
import { Conduct } from './conduct.js'
import { EventLog } from './event-log.js'
import { readService } from './read-service.js'
import { featuresService, gossipService } from './server-info.js'

/** As a real one is set by default: of all events of an append. */
const MOST_APPEND_BYTES = 256 * 1_024 * 1_024
const MOST_MESSAGE_BYTES = 64 * 1_024 * 1_024

export interface TestServerOptions {
  /** Any free one if left out. */
  readonly port?: number
  /** Where events are kept across processes; in memory only if left out. */
  readonly file?: string
  /** Before 25.1, there is no append to several streams. */
  readonly version?: string
  /** The server's setting MaxAppendSize; its default if left out. */
  readonly mostAppendBytes?: number
  /** Speaks TLS only, and shows this certificate, both as PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string }
}

export interface KurrentDBTestServer {
  readonly port: number
  /** Without user and password, and without whom to trust. */
  readonly connectionString: string
  readonly conduct: Conduct
  /** All connections break; the events stay. */
  stop(): Promise<void>
  /** On the same port again. */
  start(): Promise<void>
  /** The next append is recorded; then the server goes without having answered. Resolves when it has gone. */
  goAwayAfterNextAppend(): Promise<void>
  /** Stops for good. */
  close(): Promise<void>
}

export async function startKurrentDBTestServer(options: TestServerOptions = {}): Promise<KurrentDBTestServer> {
  const { version = '25.1.0', mostAppendBytes = MOST_APPEND_BYTES } = options
  const log = new EventLog(options.file)
  const conduct = new Conduct()
  let port = options.port ?? 0
  let running: Server | undefined
  const sessions = !before25_1(version)

  const start = async () => {
    log.restarted()
    const server = new Server({ 'grpc.max_receive_message_length': MOST_MESSAGE_BYTES })
    const appends = classicAppendService(log, conduct)
    server.addService(StreamsService, { read: readService(log, conduct), ...appends })
    server.addService(ServerFeaturesService, featuresService(version, sessions))
    server.addService(
      GossipService,
      gossipService(() => port, conduct),
    )
    if (sessions) {
      server.addService(StreamsServiceService, { appendSession: appendService(log, conduct, mostAppendBytes) })
    }
    port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${port}`, credentialsOf(options), (error, bound) =>
        error ? reject(error) : resolve(bound),
      )
    })
    running = server
  }
  const stop = async () => {
    running?.forceShutdown()
    running = undefined
  }
  await start()
  return {
    port,
    connectionString: `kurrentdb://127.0.0.1:${port}?tls=${options.tls !== undefined}`,
    conduct,
    start,
    stop,
    goAwayAfterNextAppend: () =>
      new Promise((resolve) => {
        conduct.goAwayAfterRecording = () => {
          conduct.goAwayAfterRecording = undefined
          void stop().then(resolve)
        }
      }),
    async close() {
      conduct.resume()
      await stop()
      log.close()
    },
  }
}

function credentialsOf({ tls }: TestServerOptions): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure()
  return ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) },
  ])
}

function before25_1(version: string): boolean {
  const [year = 0, release = 0] = version.split('.').map(Number)
  return year < 25 || (year === 25 && release < 1)
}
