import type { Diff } from '../../../lib/element.ts'
import { decode, encode } from '../../../lib/state/codec.ts'
import { KafkaError } from '../kafka-error.ts'

// What a task writes for another into a topic. The watermark is the one that stood before the event, so that whoever reads it sees what
// the writer saw; a task that has no event for a partition says so too, with each commit.

/** How far a task has come. */
export type Progress = readonly [from: number, watermark: number, isIdle: boolean]

/** An event of a task. */
export type Exchanged = readonly [
  from: number,
  watermark: number,
  time: number,
  key: unknown,
  diff: Diff,
  value: unknown,
  pane: unknown,
]

export function exchangedBytes(what: Progress | Exchanged): Buffer {
  return Buffer.from(encode(what))
}

/** @throws KafkaError `corrupt` */
export function exchangedOf(bytes: Buffer | undefined): Progress | Exchanged {
  const what = bytes === undefined ? undefined : decode(bytes)
  if (Array.isArray(what) && (what.length === 3 || what.length === 7)) return what as unknown as Progress | Exchanged
  throw new KafkaError('corrupt', 'expected what a task has written, got something else')
}
