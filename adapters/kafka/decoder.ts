import { show, TidemarkError } from '../../lib/errors.ts'
import type { KafkaHeader, KafkaRecord } from './kafka-record.ts'
import type { StandardSchema } from './standard-schema.ts'

/** A record whose key is text, and whose value was JSON and has been validated. */
export interface KafkaMessage<T> {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Epoch ms, as the producer or the broker has set it. */
  readonly timestamp: number
  readonly key: string | undefined
  readonly value: T
  readonly headers: readonly KafkaHeader[]
}

/** Makes a value of a record; what it throws is the reason why the record is refused. */
export type Decode<T> = (record: KafkaRecord) => T

/** A function of the record, or a validator of the JSON in its value. */
export type Decoder<T> = Decode<T> | StandardSchema<unknown>

/**
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` for what is neither
 */
export function toDecode(who: string, decoder: Decoder<unknown>): Decode<unknown> {
  if (typeof decoder === 'function' && !('~standard' in decoder)) return decoder
  // Some libraries' validators are functions.
  const standard = (decoder as Partial<StandardSchema<unknown>> | null)?.['~standard']
  if (typeof standard?.validate !== 'function') {
    throw new TidemarkError(
      'invalid-argument',
      `${who}: decode must be a function or a Standard Schema validator, got ${show(decoder)}`,
    )
  }
  return (record) => ({
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
    timestamp: record.timestamp,
    key: record.key?.toString('utf8'),
    value: validated(who, standard, jsonOf(record)),
    headers: record.headers,
  })
}

function jsonOf({ value }: KafkaRecord): unknown {
  if (value === undefined) throw new Error('expected a value, got a tombstone; kafkaTable reads them')
  return JSON.parse(value.toString('utf8'))
}

function validated(who: string, standard: StandardSchema<unknown>['~standard'], value: unknown): unknown {
  const result = standard.validate(value)
  if (result instanceof Promise) {
    // Else nobody would see it fail.
    result.catch(() => {})
    throw new TidemarkError(
      'invalid-argument',
      `${who}: expected a validator that answers at once, got one with a promise`,
    )
  }
  if (result.issues !== undefined) throw new Error(result.issues.map(({ message }) => message).join('; '))
  return result.value
}
