import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { decoded, type RefusedRecords } from './decoded.ts'
import { type Decode, type Decoder, type KafkaMessage, toDecode } from './decoder.ts'
import type { KafkaRecord } from './kafka-record.ts'
import type { StandardSchema } from './standard-schema.ts'

/** How records become values. */
export interface DecodeOptions<D> {
  /**
   * A function of the record, or a Standard Schema validator, which gets the JSON of its value and makes it a `KafkaMessage`. Records
   * as they are unless given.
   */
  readonly decode?: D
  /** Gets the records that could not be decoded. They are counted in any case. */
  readonly refused?: RefusedRecords
}

/** A topic, and what its records become. */
export interface Topic<T> {
  readonly name: string
  /** Makes the values of the records. */
  readonly read: (records: Observable<KafkaRecord>) => Observable<T>
}

/**
 * Names a topic that a `kafkaJob` reads, and says what its records become.
 *
 * @throws TidemarkError `invalid-argument` for a name that no topic can have, or a decoder that is none
 * @example
 * topic('hits', { decode: ({ value }) => JSON.parse(String(value)) as Hit })
 */
export function topic(name: string): Topic<KafkaRecord>
export function topic<T>(name: string, options: DecodeOptions<StandardSchema<T>>): Topic<KafkaMessage<T>>
export function topic<T>(name: string, options: DecodeOptions<Decode<T>>): Topic<T>
export function topic(name: string, options: DecodeOptions<Decoder<unknown>> = {}): Topic<unknown> {
  return { name: checkedTopic('topic', name), read: toRead('topic', options) }
}

/** @param who names the adapter in errors */
export function toRead(
  who: string,
  { decode, refused }: DecodeOptions<Decoder<unknown>>,
): (records: Observable<KafkaRecord>) => Observable<unknown> {
  if (decode === undefined) return (records) => records
  const of = toDecode(who, decode)
  return (records) => decoded(records, of, refused)
}

/** @throws TidemarkError `invalid-argument` for a name that no topic can have */
export function checkedTopic(who: string, name: string): string {
  if (typeof name === 'string' && /^[\w.-]{1,249}$/.test(name) && name !== '.' && name !== '..') return name
  throw new TidemarkError(
    'invalid-argument',
    `${who}: expected the name of a topic (letters, digits, '.', '_' and '-'), got ${show(name)}`,
  )
}
