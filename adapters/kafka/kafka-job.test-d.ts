import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { kafka } from './kafka.ts'
import { type InputValues, kafkaJob } from './kafka-job.ts'
import type { KafkaMessage } from './decoder.ts'
import type { KafkaRecord } from './kafka-record.ts'
import type { StandardSchema } from './standard-schema.ts'
import { toKafka } from './to-kafka.ts'
import { type Topic, topic } from './topic.ts'

declare const schema: StandardSchema<{ readonly item: string }>
const at = { brokers: ['localhost:9092'] }

test('a topic has what its records become', () => {
  expectTypeOf(topic('a')).toEqualTypeOf<Topic<KafkaRecord>>()
  expectTypeOf(topic('a', { decode: ({ offset }) => offset })).toEqualTypeOf<Topic<number>>()
  expectTypeOf(topic('a', { decode: schema })).toEqualTypeOf<Topic<KafkaMessage<{ readonly item: string }>>>()
})

test('so does a source', () => {
  expectTypeOf(kafka({ ...at, topics: 'a' })).toEqualTypeOf<Observable<KafkaRecord>>()
  expectTypeOf(kafka({ ...at, topics: 'a', decode: ({ key }) => String(key) })).toEqualTypeOf<Observable<string>>()
  expectTypeOf(kafka({ ...at, topics: ['a', 'b'], decode: schema })).toEqualTypeOf<
    Observable<KafkaMessage<{ readonly item: string }>>
  >()
})

test('a pipeline gets the values of one topic, or of several by their names', () => {
  expectTypeOf<InputValues<Topic<number>>>().toEqualTypeOf<Observable<number>>()
  expectTypeOf<InputValues<{ readonly a: Topic<number>; readonly b: Topic<string> }>>().toEqualTypeOf<{
    readonly a: Observable<number>
    readonly b: Observable<string>
  }>()
  const source = { orders: topic('orders', { decode: () => 1 }), payments: topic('payments', { decode: () => 'x' }) }
  kafkaJob({
    ...at,
    groupId: 'g',
    source,
    pipeline({ orders, payments }) {
      expectTypeOf(orders).toEqualTypeOf<Observable<number>>()
      expectTypeOf(payments).toEqualTypeOf<Observable<string>>()
      return orders
    },
    sink: toKafka<number>({ topic: 'out' }),
  })
})

test('a sink takes what the pipeline gives', () => {
  kafkaJob({
    ...at,
    groupId: 'g',
    source: topic('a', { decode: () => 1 }),
    pipeline: (numbers: Observable<number>): Observable<number> => numbers,
    // @ts-expect-error -- numbers do not go into a sink of texts
    sink: toKafka<string>({ topic: 'out' }),
  })
})
