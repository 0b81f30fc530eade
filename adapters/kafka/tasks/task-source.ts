import type { Observable } from 'rxjs'
import { TidemarkError } from '../../../lib/errors.ts'
import { defineSource } from '../../../lib/wiring/source.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import type { FeedReader } from './feed-reader.ts'

/** The id of the source of a topic in the checkpoints of tasks. */
export function sourceId(topic: string): string {
  return `kafka(${topic})`
}

/**
 * The partition of a topic that a task reads.
 *
 * @param read reads from an offset on; from where a fresh task begins if none is given
 */
export function taskSource(topic: string, read: (offset: number | undefined) => FeedReader): Observable<KafkaRecord> {
  return defineSource<KafkaRecord>({
    name: sourceId(topic),
    open: (_context, position) => read(position === undefined ? undefined : toOffset(topic, position)),
  })
}

function toOffset(topic: string, position: unknown): number {
  if (typeof position === 'number') return position
  throw new TidemarkError('checkpoint', `${sourceId(topic)}: expected an offset in the checkpoint, got something else`)
}
