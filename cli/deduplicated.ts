import { share } from 'rxjs'
import type { Event, Stream } from '../lib/element.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { deduplicate } from '../operators/deduplicate.ts'
import { filter } from '../operators/filter.ts'
import { type Key, keyBy } from '../operators/key-by.ts'
import { merge } from '../operators/merge.ts'
import type { DedupSpec } from './dedup-spec.ts'
import { type Fields, hasField } from './field.ts'
import { textKey } from './key-pairs.ts'

/** Lets pass the first of the records that have the same field; one that has none is like no other. */
export function deduplicated(
  records: Stream<Fields, Key, undefined>,
  { field, within }: DedupSpec,
  late: SideOutput<Event<Fields, Key, undefined>>,
): Stream<Fields, Key, undefined> {
  const shared = records.pipe(share())
  const names = [field]
  const marked = shared.pipe(
    filter((record) => hasField(record, field)),
    // By key, so that a checkpoint has a cell for each.
    keyBy((record): Key => textKey(record, names)),
    deduplicate(() => true, { within, late }),
  )
  const others = shared.pipe(filter((record) => !hasField(record, field)))
  return merge(marked, others).pipe(keyBy((): Key => null))
}
