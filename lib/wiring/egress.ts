import type { Observable } from 'rxjs'
import type { AnyEvent, EventStream } from '../element.ts'
import { callbackError } from '../callback-error.ts'
import { connectStream, ValueFlow } from './flow.ts'

/**
 * Makes an observable of plain values of a stream: each event becomes what `toValue` gives, watermarks and idleness end here.
 */
export function defineEgress<E extends AnyEvent, R>(
  source: EventStream<E>,
  name: string,
  toValue: (event: E) => R,
): Observable<R> {
  return new ValueFlow<R>((receiver, job, teardown) => {
    const input = {
      event(event: E): void {
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
