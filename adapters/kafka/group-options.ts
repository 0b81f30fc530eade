import { show, TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import type { MemberOptions } from './driver.ts'

/** How processes share partitions. */
export interface GroupOptions {
  /** Processes with the same one share the partitions out. */
  readonly groupId: string
  /**
   * `cooperative`, unless given: only what moves is given up. `classic` gives up everything at each rebalance. `consumer` leaves it to
   * the brokers (KIP-848, Kafka 4.0). All processes of a group have to have the same one.
   */
  readonly protocol?: 'cooperative' | 'classic' | 'consumer'
  /** Makes the process a static member: when it comes back within `sessionTimeout` it has its partitions again, and nothing moves. */
  readonly instanceId?: string
  /** A process of which nothing is heard for so long is left out; `'45s'` unless given. With `consumer` the brokers decide. */
  readonly sessionTimeout?: Duration
  /** How long processes may take to commit what they give up; `'1m'` unless given. */
  readonly rebalanceTimeout?: Duration
}

/** Validated. */
export type GroupSettings = Pick<
  MemberOptions,
  'groupId' | 'protocol' | 'instanceId' | 'sessionTimeout' | 'rebalanceTimeout'
>

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` or `invalid-duration`
 */
export function toGroupSettings(who: string, options: GroupOptions): GroupSettings {
  const { groupId, protocol = 'cooperative', instanceId, sessionTimeout = '45s', rebalanceTimeout = '1m' } = options
  for (const [name, text] of Object.entries({ groupId, instanceId: instanceId ?? 'none' })) {
    if (typeof text === 'string' && text !== '') continue
    throw new TidemarkError('invalid-argument', `${who}: ${name} must be a text, got ${show(text)}`)
  }
  if (protocol !== 'cooperative' && protocol !== 'classic' && protocol !== 'consumer') {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: protocol must be 'cooperative', 'classic' or 'consumer', got ${show(protocol)}`,
    )
  }
  return {
    groupId,
    protocol,
    instanceId,
    sessionTimeout: toPositiveMillis(sessionTimeout, `${who}: sessionTimeout`),
    rebalanceTimeout: toPositiveMillis(rebalanceTimeout, `${who}: rebalanceTimeout`),
  }
}
