/**
 * Who of a consumer group gets which partitions: all of them the member that came last. A read model has one runner,
 * which needs every partition to put events into one order; it holds a lease, and whoever else is still in the group
 * has lost it, or is about to find out.
 */
import { type Assigner, AssignerProtocol, type Cluster, type GroupMember } from 'kafkajs'

const NAME = 'CoiltrailAllToTheNewest'
const VERSION = 1

/** @param since when this member took its lease, in milliseconds */
export function allToTheNewest(since: number): (config: { cluster: Cluster }) => Assigner {
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: AssignerProtocol.MemberMetadata.encode({
        version: VERSION,
        topics,
        userData: Buffer.from(String(since)),
      }),
    }),
    async assign({ members, topics }) {
      const newest = members.reduce((a, b) => (isNewer(b, a) ? b : a))
      const everything = Object.fromEntries(
        topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)]),
      )
      return members.map((member) => ({
        memberId: member.memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode({
          version: VERSION,
          assignment: member === newest ? everything : {},
          userData: Buffer.alloc(0),
        }),
      }))
    },
  })
}

function isNewer(member: GroupMember, other: GroupMember): boolean {
  const [since, otherSince] = [sinceOf(member), sinceOf(other)]
  return since === otherSince ? member.memberId > other.memberId : since > otherSince
}

const sinceOf = ({ memberMetadata }: GroupMember): number =>
  Number(AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData ?? 0)
