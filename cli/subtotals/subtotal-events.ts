import type { Observable } from 'rxjs'
import { generatedReader } from '../../adapters/line/generated-reader.ts'
import type { Chunk } from '../../lib/chunk-source.ts'
import type { Stream } from '../../lib/element.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { Subtotal } from '../../lib/subtotals/subtotal.ts'
import { punctuated } from '../../lib/watermarks/punctuated.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import type { ThreadPool } from '../../adapters/threads/thread-pool.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { type Key, keyBy } from '../../operators/key-by.ts'
import type { Fields } from '../field.ts'
import type { Range, RangeSubtotals } from './range.ts'
import type { Plan } from './plan.ts'
import type { RangeReader } from './range-reader.ts'
import type { Tally } from './tally.ts'

/** How ranges become events. */
export interface SubtotalOptions {
  readonly ranges: readonly Range[]
  /** Reads a range in this thread. */
  readonly read: RangeReader
  readonly pool: ThreadPool<Plan, Range, RangeSubtotals, RangeSubtotals>
  readonly tally: Tally
}

/**
 * Makes a stream of the subtotals of ranges, in the order of the ranges. One whose events are not all in time, after what came before it,
 * is read once more, event by event: then it is as if there were no subtotals.
 */
export function subtotalEvents(options: SubtotalOptions): Stream<Subtotal<Key, Fields>, Key, undefined> {
  return subtotalSource(options).pipe(
    assignTimestamps(
      ({ time }) => time,
      punctuated(({ watermark }) => watermark),
    ),
    keyBy(({ key }) => key),
  )
}

function subtotalSource({ ranges, read, pool, tally }: SubtotalOptions): Observable<Subtotal<Key, Fields>> {
  return defineSource<Subtotal<Key, Fields>>({
    name: 'ranges',
    open() {
      async function* chunks(): AsyncGenerator<Chunk<Subtotal<Key, Fields>>> {
        let path = ''
        let watermark = -Infinity
        let bytes = 0
        try {
          for await (const { task: range, result: made } of pool.run(ranges, read)) {
            path = range.path
            const inTime = made.end > watermark ? made : read(range, true)
            tally.add(range, inTime)
            for (const subtotal of inTime.subtotals) watermark = Math.max(watermark, subtotal.watermark ?? -Infinity)
            // Where it is, for who looks on.
            const position = { source: range.path, offset: bytes, number: tally.lines }
            if (inTime.subtotals.length > 0) yield { values: inTime.subtotals, position }
            bytes += range.end - range.start
          }
        } catch (error) {
          const after = `expected to read on in '${path}' behind line ${tally.lines}`
          throw new TidemarkError('input', `lines: ${after}, got ${messageOf(error)}`, { cause: error })
        } finally {
          await pool.close()
        }
      }
      return generatedReader(chunks, () => pool.close())
    },
  })
}
