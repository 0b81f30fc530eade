import { randomUUID } from 'node:crypto'
import type { GroupMember, MemberOptions } from '../driver.ts'
import type { Cluster } from './cluster.ts'
import { Coordinator } from './coordinator.ts'
import { ClassicProtocol } from './group/classic-protocol.ts'
import { ConsumerProtocol } from './group/consumer-protocol.ts'
import type { GroupContext } from './group/group-protocol.ts'
import { Membership } from './group/membership.ts'

/** Makes a member of a group, which joins at once. */
export function groupMember(cluster: Cluster, options: MemberOptions): GroupMember {
  const { groupId, rebalanceTimeout } = options
  return memberOf({
    options,
    requests: new Coordinator(cluster, groupId, rebalanceTimeout, randomUUID()),
    clock: cluster.clock,
    onTrouble: (trouble) => cluster.tell(trouble),
    newId: randomUUID,
  })
}

/** The same, of any coordinator. */
export function memberOf(context: GroupContext): GroupMember {
  const isConsumer = context.options.protocol === 'consumer'
  return new Membership(context, isConsumer ? new ConsumerProtocol(context) : new ClassicProtocol(context))
}
