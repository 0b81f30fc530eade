import type { Observable } from 'rxjs'
import type { AnyEvent, Diff, Element, EventStream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/** Any element. */
type AnyElement = Element<unknown, unknown, unknown, Diff>

/** The events among the elements. */
type EventOf<E extends AnyElement> = Extract<E, { readonly kind: 'event' }>
/** One element for the elements of all streams, so that operators behind see one type of event and not several. */
type Merged<E extends AnyElement> = Element<
  EventOf<E>['value'],
  EventOf<E>['key'],
  EventOf<E>['pane'],
  EventOf<E>['diff']
>

/**
 * Makes one stream of several: every event as it comes, under the lowest watermark of the inputs that are not idle.
 *
 * A completed input no longer counts; the stream ends with the last of them. Sources of one job are pulled in event-time
 * order, so that the inputs stay together however different their speeds. Holds nothing.
 *
 * ```marbles
 * in1  1@1  ~4            ~9  |
 * in2            2@2  ~6          |
 * out  1@1       2@2  ~4  ~6      |
 * ```
 *
 * @throws TidemarkError `invalid-argument` when no stream is given
 * @see Flink's StatusWatermarkValve, whose rules for idle and resuming inputs hold here
 */
export function merge<E extends readonly AnyElement[]>(
  ...streams: { readonly [I in keyof E]: Observable<E[I]> }
): Observable<Merged<E[number]>>
export function merge<E extends AnyEvent>(...streams: readonly EventStream<E>[]): EventStream<E> {
  if (streams.length === 0) throw new TidemarkError('invalid-argument', 'merge: expected at least one stream, got none')
  return defineOperator<E, E>(streams, {
    name: 'merge',
    create: (context) => ({
      onEvent(event) {
        context.emit(event)
      },
    }),
  })
}
