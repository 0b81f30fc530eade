import { noRecord, Unparsable } from '../adapters/format/parser.ts'
import { put } from '../adapters/format/put.ts'
import { event, type Event, type Stream } from '../lib/element.ts'
import type { Joined } from '../lib/joins/joined.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { filter } from '../operators/filter.ts'
import { intervalJoin } from '../operators/interval-join.ts'
import { type Key, keyBy } from '../operators/key-by.ts'
import type { DerivedFields } from './derived-parser.ts'
import type { Failures } from './failures.ts'
import { type Fields, hasField } from './field.ts'
import type { JoinSpec } from './join-spec.ts'
import { textKey } from './key-pairs.ts'

type Pair = Joined<Fields, Fields>

/**
 * Pairs records with those of a second log: each pair is a record with the fields of both, those of the second under the name of its file. A
 * record that lacks a key has no partner.
 *
 * @param derived what is computed of pairs, and which of them pass
 * @param late gets the records of both that come too late
 */
export function joined(
  left: Stream<Fields, Key, undefined>,
  right: Stream<Fields, Key, undefined>,
  { keys, within, prefix }: JoinSpec,
  derived: DerivedFields | undefined,
  failures: Failures,
  late: SideOutput<Event<Fields, Key, undefined>>,
): Stream<Fields, Key, undefined> {
  const keyed = (records: Stream<Fields, Key, undefined>, names: readonly string[]): Stream<Fields, Key, undefined> =>
    records.pipe(
      filter((record) => names.every((name) => hasField(record, name))),
      keyBy((record): Key => textKey(record, names)),
    )
  const fields = keys.map(({ field }) => field)
  const others = keys.map(({ other }) => other)
  const options = { lateLeft: late, lateRight: late }
  const pairs = keyed(left, fields).pipe(intervalJoin(keyed(right, others), -within, within, options))
  return defineOperator<Event<Pair, Key, undefined>, Event<Fields, Key, undefined>>([pairs], {
    name: 'joined',
    create: (context) => ({
      onEvent({ value, time }) {
        const whole = combined(value, prefix)
        const record = derived?.derive(whole) ?? whole
        if (record === noRecord) context.counters.filtered += 1
        else if (record instanceof Unparsable) {
          context.counters.refused += 1
          failures.add(`${new Date(time).toISOString()}: ${record.reason}`)
        } else context.emit(event(record, time, null, 1, undefined))
      },
    }),
  })
}

function combined({ left, right }: Pair, prefix: string): Fields {
  const record: Record<string, unknown> = { ...left }
  for (const [name, value] of Object.entries(right)) put(record, `${prefix}${name}`, value)
  return record
}
