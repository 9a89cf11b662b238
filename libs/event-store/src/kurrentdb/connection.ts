/**
 * The one line to KurrentDB: the official client's channel, with its discovery of the leader, its credentials and its
 * keep-alive. Reads go through it as well, not through the client's `readStream`, which cuts creation times to whole
 * seconds: see docs/decisions/0012-kurrentdb.md.
 */
import type { CallOptions, Channel, ClientReadableStream, Metadata } from '@grpc/grpc-js'
import {
  type AppendStreamRequest,
  jsonEvent,
  KurrentDBClient,
  type MultiAppendResult,
  WrongExpectedVersionError,
} from '@kurrent/kurrentdb-client'
import { multiStreamAppend } from '@kurrent/kurrentdb-client/dist/streams/appendToStream/multiStreamAppend.js'
import { StreamsClient } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js'
import type { ReadReq, ReadResp } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js'
import { ConnectionStringError, type Way, wayOf } from './connection-string.js'
import { tlsTrouble } from './handshake.js'

const NO_SUCH_REVISION = 0x7fff_ffffn

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
   * The client's own multi-stream append, without its question for the server's features before: that has no deadline,
   * and where it fails at a bad moment the client keeps the failure for good and answers every later append with it.
   */
  append(requests: AppendStreamRequest[]): Promise<MultiAppendResult> {
    return multiStreamAppend.call(this.#client, requests)
  }

  /** An append that cannot be recorded, as no stream has that revision: finds out whether one could be. */
  async tryAppend(stream: string): Promise<void> {
    const events = [jsonEvent({ type: 'NeverRecorded', data: {} })]
    try {
      await this.append([{ streamName: stream, expectedState: NO_SUCH_REVISION, events }])
    } catch (error) {
      if (!(error instanceof WrongExpectedVersionError)) throw error
    }
  }

  /** The caller hears 'error' and 'end', and cancels what it does not read to the end. */
  read(request: ReadReq, { leader, within }: Reading): Promise<ClientReadableStream<ReadResp>> {
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
    await this.#inside.getChannel().then(
      (channel) => channel.close(),
      () => {},
    )
  }
}

/** Of the client's protected parts those that its own methods are built from. A spec would notice if they changed. */
interface ClientInside {
  readonly capabilities: Promise<{ readonly serverVersion: string }>
  callArguments(
    options: { requiresLeader: boolean; deadline?: number },
    call?: { deadline: number },
  ): [Metadata, Partial<CallOptions>]
  GRPCStreamCreator<C, S>(type: new (...args: never[]) => C, name: string, call: (client: C) => S): () => Promise<S>
  getChannel(): Promise<Channel>
}
