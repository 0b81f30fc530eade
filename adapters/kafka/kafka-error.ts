/**
 * What a failure means to whoever has asked:
 *
 * - `fenced`: somebody else has taken the place of this producer or group member; what it was about to do has not happened
 * - `unavailable`: the brokers can't be reached, or do not answer, and it is not known whether what was asked has happened
 * - `out-of-range`: there is nothing at this offset any more, or not yet
 * - `unknown-topic`, `refused` (not allowed, or not let in), `too-large`, `corrupt`: as they say
 * - `other`: nothing that goes away by itself
 */
export type KafkaErrorKind =
  'fenced' | 'unavailable' | 'out-of-range' | 'unknown-topic' | 'refused' | 'too-large' | 'corrupt' | 'other'

/** What a driver fails with. */
export class KafkaError extends Error {
  readonly kind: KafkaErrorKind

  constructor(kind: KafkaErrorKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'KafkaError'
    this.kind = kind
  }
}
