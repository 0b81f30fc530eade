import type { Observable } from 'rxjs'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineValueOperator } from '../../lib/wiring/value-operator.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Decode } from './decoder.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { partitionName } from './partition-name.ts'

/** A record that could not be decoded. `source` is its topic and partition, `number` and `offset` are its offset. */
export interface KafkaDeadLetter extends DeadLetter {
  readonly record: KafkaRecord
}

/** Where records go that could not be decoded: an output of theirs, or one of all adapters'. */
export type RefusedRecords = SideOutput<KafkaDeadLetter> | SideOutput<DeadLetter>

/** Decodes records; what can't be is counted as refused and handed to `refused`. */
export function decoded<T>(
  records: Observable<KafkaRecord>,
  decode: Decode<T>,
  refused: RefusedRecords | undefined,
): Observable<T> {
  return defineValueOperator<KafkaRecord, T>(records, {
    name: 'decode',
    create(context) {
      // What is written is a dead letter of either kind.
      const output = context.open(refused as SideOutput<KafkaDeadLetter> | undefined)
      return (record) => {
        let value: T
        try {
          value = decode(record)
        } catch (error) {
          // The decoder's defect, and not the record's.
          if (error instanceof TidemarkError) throw error
          context.counters.refused += 1
          output?.write(kafkaDeadLetter(record, messageOf(error)))
          return
        }
        context.emit(value)
      }
    },
  })
}

function kafkaDeadLetter(record: KafkaRecord, reason: string): KafkaDeadLetter {
  const { offset, value } = record
  return {
    source: partitionName(record),
    number: offset,
    offset,
    byteLength: value?.length ?? 0,
    text: value?.toString('utf8') ?? '',
    reason,
    record,
  }
}
