import type { KafkaRecord } from '../kafka-record.ts'

/** Where to go on behind so many of the records that were fetched from `start` up to `next`. */
export function offsetBehind(records: readonly KafkaRecord[], next: number, taken: number, start: number): number {
  if (taken === records.length) return next
  const last = records[taken - 1]
  return last === undefined ? start : last.offset + 1
}
