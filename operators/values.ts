import type { Observable, OperatorFunction } from 'rxjs'
import { defineEgress } from '../lib/wiring/egress.ts'
import type { Diff, Element, Event, EventStream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'

/**
 * Leads from a stream back to plain RxJS: the values, without times, keys and watermarks.
 *
 * Each value leaves at once. Holds nothing. A stream that may take values back is refused by its type: use `changes`.
 *
 * @throws TidemarkError `unsupported` as the error of the job, for a retraction that got past the types
 */
export function values<T, K, P>(): OperatorFunction<Element<T, K, P>, T> {
  return (source: EventStream<Event<T, K, P, Diff>>): Observable<T> =>
    defineEgress(source, 'values', ({ value, diff }) => {
      if (diff === -1) throw new TidemarkError('unsupported', 'expected insertions only, got a retraction')
      return value
    })
}
