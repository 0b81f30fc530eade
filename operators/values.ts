import type { Observable, OperatorFunction } from 'rxjs'
import { defineEgress } from '../lib/wiring/egress.ts'
import type { Element, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'

/**
 * Leads from a stream back to plain RxJS: the values, without times, keys and watermarks.
 *
 * Each value leaves at once. Holds nothing.
 *
 * @throws TidemarkError `unsupported` as the error of the job, for a retraction, which a plain value can't express
 */
export function values<T, K, P>(): OperatorFunction<Element<T, K, P>, T> {
  return (source: Stream<T, K, P>): Observable<T> =>
    defineEgress(source, 'values', ({ value, diff }) => {
      if (diff === -1) throw new TidemarkError('unsupported', 'expected insertions only, got a retraction')
      return value
    })
}
