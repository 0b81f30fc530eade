import type { Observable } from 'rxjs'
import type { Event, Stream } from '../element.ts'
import { callbackError } from './callback.ts'
import { connectStream, ValueFlow } from './flow.ts'

/**
 * Makes an observable of plain values of a stream: each event becomes what `toValue` gives, watermarks and idleness end here.
 */
export function defineEgress<T, K, P, R>(
  source: Stream<T, K, P>,
  name: string,
  toValue: (event: Event<T, K, P>) => R,
): Observable<R> {
  return new ValueFlow<R>((receiver, job, teardown) => {
    const input = {
      event(event: Event<T, K, P>): void {
        let value: R
        try {
          value = toValue(event)
        } catch (error) {
          throw callbackError(error, name, event)
        }
        receiver.value(value)
      },
      watermark(): void {},
      idle(): void {},
      active(): void {},
      end(): void {
        receiver.end()
      },
    }
    connectStream(source, input, job, teardown)
  })
}
