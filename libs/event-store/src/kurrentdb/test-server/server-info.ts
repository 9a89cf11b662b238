/** What a client asks before it begins: what the server can do, and who is in the cluster. */
import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js'
import type { ClusterInfo } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js'
import gossip from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/gossip_pb.js'
import type { SupportedMethods } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js'
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js'
import type { Empty } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js'
import type { Conduct } from './conduct.js'

const STREAMS = 'event_store.client.streams.streams'
const SESSIONS = 'kurrentdb.protocol.v2.streams.streamsservice'

export function featuresService(version: string, sessions: boolean): UntypedServiceImplementation {
  const methods = [
    [STREAMS, 'read'],
    [STREAMS, 'append'],
    [STREAMS, 'batchappend'],
    ...(sessions ? [[SESSIONS, 'appendsession']] : []),
  ] as const
  const getSupportedMethods: handleUnaryCall<Empty, SupportedMethods> = (_, reply) => {
    const supported = new features.SupportedMethods()
    supported.setEventStoreServerVersion(version)
    for (const [service, name] of methods) {
      const method = new features.SupportedMethod()
      method.setServiceName(service!)
      method.setMethodName(name!)
      if (name === 'batchappend') method.addFeatures('deadline_duration')
      supported.addMethods(method)
    }
    reply(null, supported)
  }
  return { getSupportedMethods }
}

export function gossipService(port: () => number, conduct: Conduct): UntypedServiceImplementation {
  const read: handleUnaryCall<Empty, ClusterInfo> = (_, reply) => {
    const { VNodeState } = gossip.MemberInfo
    const cluster = new gossip.ClusterInfo()
    const { leader, follower } = conduct
    cluster.addMembers(member('127.0.0.1', port(), leader === undefined ? VNodeState.LEADER : VNodeState.FOLLOWER))
    if (leader) cluster.addMembers(member(leader.host, leader.port, VNodeState.LEADER))
    if (follower) cluster.addMembers(member(follower.host, follower.port, VNodeState.FOLLOWER))
    reply(null, cluster)
  }
  return { read }
}

function member(host: string, port: number, state: gossip.MemberInfo.VNodeState) {
  const endpoint = new gossip.EndPoint()
  endpoint.setAddress(host)
  endpoint.setPort(port)
  const id = new shared.UUID()
  id.setString(crypto.randomUUID())
  const info = new gossip.MemberInfo()
  info.setInstanceId(id)
  info.setTimeStamp(String(Date.now()))
  info.setState(state)
  info.setIsAlive(true)
  info.setHttpEndPoint(endpoint)
  return info
}
