import type { Observable } from 'rxjs'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineValueOperator } from '../../lib/wiring/value-operator.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Decode } from './decoder.ts'
import type { KafkaRecord } from './kafka-record.ts'

/** A record that could not be decoded. `source` is its topic and partition, `number` and `offset` are its offset. */
export interface KafkaDeadLetter extends DeadLetter {
  readonly record: KafkaRecord
}

/** Decodes records; what can't be is counted as refused and handed to `refused`. */
export function decoded<T>(
  records: Observable<KafkaRecord>,
  decode: Decode<T>,
  refused: SideOutput<KafkaDeadLetter> | undefined,
): Observable<T> {
  return defineValueOperator<KafkaRecord, T>(records, {
    name: 'decode',
    create(context) {
      const output = context.open(refused)
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
  const { topic, partition, offset, value } = record
  return {
    source: `${topic}-${partition}`,
    number: offset,
    offset,
    byteLength: value?.length ?? 0,
    text: value?.toString('utf8') ?? '',
    reason,
    record,
  }
}
