import type { MemberOptions } from '../../driver.ts'
import { KafkaError } from '../../kafka-error.ts'
import { codeOf } from './gone.ts'

/** What the coordinator's word means to somebody who has set up a group. Other errors as they are. */
export function explained(error: unknown, options: MemberOptions): unknown {
  const message = meaningOf(codeOf(error), options)
  if (message === undefined) return error
  const kind = error instanceof KafkaError ? error.kind : 'other'
  return new KafkaError(kind, `group '${options.groupId}': ${message}`, { cause: error })
}

function meaningOf(code: string | undefined, options: MemberOptions): string | undefined {
  switch (code) {
    case 'INCONSISTENT_GROUP_PROTOCOL':
      return `its members share partitions in another way than this one does (protocol '${options.protocol}', partitions ${options.keepsTogether ? 'kept together' : 'apart'}); expected all members to have the same options`
    case 'GROUP_ID_NOT_FOUND':
      return `it has members of another protocol than '${options.protocol}', or is no group of consumers; expected all members to have the same options`
    case 'FENCED_INSTANCE_ID':
    case 'UNRELEASED_INSTANCE_ID':
      return `another member has the instance id '${options.instanceId ?? ''}'; expected each to have its own`
    case 'UNSUPPORTED_VERSION':
      return `the broker does not know the protocol '${options.protocol}'; 'consumer' needs Kafka 4.0 or later`
    case 'GROUP_AUTHORIZATION_FAILED':
      return 'not allowed to be a member of it'
    case 'INVALID_SESSION_TIMEOUT':
      return `the broker does not allow a session timeout of ${options.sessionTimeout} ms; see its group.min.session.timeout.ms and group.max.session.timeout.ms`
    case undefined:
    default:
      return undefined
  }
}
