import type { Observable } from 'rxjs'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { Line } from '../line/line.ts'
import { kafka, type KafkaOptions } from './kafka.ts'
import type { KafkaRecord } from './kafka-record.ts'
import { partitionName } from './partition-name.ts'

/** Options of `kafkaLines`. */
export interface KafkaLinesOptions extends Omit<KafkaOptions, 'decode' | 'refused'> {
  /** Gets the records without a value. They are counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
}

/**
 * Reads topics as lines, one a record, for parsers such as `combined()`. The `source` of a line is its partition (`hits-3`), its `number` and
 * `offset` are the record's offset.
 *
 * @throws as `kafka`
 * @example
 * kafkaLines({ brokers: ['localhost:9092'], topics: 'access-log' }).pipe(parse(combined()))
 */
export function kafkaLines({ refused, ...options }: KafkaLinesOptions): Observable<Line> {
  return kafka<Line>({ ...options, decode: lineOf, ...(refused !== undefined && { refused }) })
}

function lineOf(record: KafkaRecord): Line {
  const { offset, value } = record
  if (value === undefined) throw new Error('expected a value, got a tombstone')
  return new Line(value, 0, value.length, partitionName(record), offset, offset)
}
