/**
 * The one line to KurrentDB: the official client's channel, with its discovery of the leader, its credentials and its
 * keep-alive. Reads go through it as well, not through the client's `readStream`, which cuts creation times to whole
 * seconds: see docs/decisions/0012-kurrentdb.md.
 */
import type { CallOptions, Channel, ClientReadableStream, Metadata } from '@grpc/grpc-js'
import { convertToCommandError, KurrentDBClient, WrongExpectedVersionError } from '@kurrent/kurrentdb-client'
import { StreamsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js'
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { StreamsServiceClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v2/streams/streams_grpc_pb.js'
import type { Revision } from '../event-store.js'
import { type AppendRequest, impossibleRequest } from './append-requests.js'
import { ConnectionStringError, type Way, wayOf } from './connection-string.js'
import { tlsTrouble } from './handshake.js'

/** Of the search for a node that can be spoken to: nothing was sent by then. */
const REACHED_WITHIN_MS = 5_000

export interface Reading {
  /** A follower may lag behind what was acknowledged; whoever decides on what is read must ask the leader. */
  readonly leader: boolean
  /** Milliseconds; the client's own (`defaultDeadline`, 10 s) when left out, `Infinity` for a subscription. */
  readonly within?: number
}

export class Connection {
  /** Where it leads, without the credentials: for sentences that people read. */
  readonly address: string
  readonly #way: Way
  readonly #client: KurrentDBClient
  readonly #inside: ClientInside

  /** @throws Error that does not repeat the connection string, which may hold a password */
  constructor(connectionString: string) {
    this.#way = wayOf(connectionString)
    this.address = this.#way.address
    try {
      this.#client = KurrentDBClient.connectionString(connectionString)
    } catch {
      throw new ConnectionStringError()
    }
    this.#inside = this.#client as unknown as ClientInside
  }

  /**
   * The last revision of each stream. As the client's own `multiStreamAppend` does it, but for two things: its question
   * for the server's features before has no deadline, and keeps a failure for good; and a channel that is closed at a
   * bad moment throws where nobody can catch it.
   * @param within milliseconds for the server's answer
   */
  async append(requests: readonly AppendRequest[], within: number): Promise<ReadonlyMap<string, Revision>> {
    await this.#reached()
    return this.#inside.execute(
      StreamsServiceClient,
      'multiStreamAppend',
      (client) =>
        new Promise((resolve, reject) => {
          const options = this.#inside.callArguments({ requiresLeader: false, deadline: within })
          const session = client.appendSession(...options, (error, response) => {
            if (error) return reject(convertToCommandError(error))
            const written = response.getOutputList()
            resolve(new Map(written.map((one) => [one.getStream(), Number(one.getStreamRevision())])))
          })
          session.on('error', reject)
          for (const request of requests) session.write(request)
          session.end()
        }),
    )
  }

  /** An append that cannot be recorded: finds out whether one could be. */
  async tryAppend(stream: string): Promise<void> {
    try {
      await this.append([impossibleRequest(stream)], REACHED_WITHIN_MS)
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) throw error
    }
  }

  /** The caller hears 'error' and 'end', and cancels what it does not read to the end. */
  async read(request: ReadReq, { leader, within }: Reading): Promise<ClientReadableStream<ReadResp>> {
    await this.#reached()
    const options = within === Infinity ? { deadline: Infinity } : undefined
    const call = (client: StreamsClient) =>
      client.read(request, ...this.#inside.callArguments({ requiresLeader: leader, deadline: within }, options))
    return this.#inside.GRPCStreamCreator(StreamsClient, 'read', call)()
  }

  /** As the server tells it, `unknown` if it does not. */
  async serverVersion(): Promise<string> {
    return (await this.#inside.capabilities).serverVersion
  }

  /** What keeps TLS from coming about, in words that follow its name; undefined if nothing does. */
  tlsTrouble(): Promise<string | undefined> {
    return tlsTrouble(this.#way)
  }

  async close(): Promise<void> {
    await this.#client.dispose()
    // The client itself would leave its channel open.
    await this.#channel().then(
      (channel) => channel.close(),
      () => {},
    )
  }

  async #reached(): Promise<void> {
    await this.#channel()
  }

  /** The client asks every node of a cluster ten times, five seconds each, before it gives up. */
  #channel(): Promise<Channel> {
    return within(REACHED_WITHIN_MS, this.#inside.getChannel(), 'No connection established in time')
  }
}

/** Of the client's protected parts those that its own methods are built from. A spec would notice if they changed. */
interface ClientInside {
  readonly capabilities: Promise<{ readonly serverVersion: string }>
  callArguments(
    options: { requiresLeader: boolean; deadline?: number },
    call?: { deadline: number },
  ): [Metadata, Partial<CallOptions>]
  execute<C, R>(type: new (...args: never[]) => C, name: string, action: (client: C) => Promise<R>): Promise<R>
  GRPCStreamCreator<C, S>(type: new (...args: never[]) => C, name: string, call: (client: C) => S): () => Promise<S>
  getChannel(): Promise<Channel>
}

function within<R>(ms: number, work: Promise<R>, late: string): Promise<R> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(late)), ms)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
