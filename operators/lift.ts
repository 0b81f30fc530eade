import { type OperatorFunction, Subject, takeUntil } from 'rxjs'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { defineOperator } from '../lib/wiring/operator.ts'

/**
 * Runs a synchronous RxJS operator on the values of a stream, keeping times, keys, panes and watermarks.
 *
 * Each value goes in by itself; what comes out in that instant gets the time and key of the event that went in, and what
 * comes out at the end of the input those of the last event; without any event there is no time, and it is left out. An event
 * that nothing came out for is counted as filtered, also those after the operator has completed (`take`): the stream goes on.
 * All keys go through the one operator. What it remembers (`scan`, `distinctUntilChanged`) no checkpoint sees.
 *
 * With `lift(scan((total, n) => total + n, 0))`:
 *
 * ```marbles
 * in   2@1  x:3@4  ~5  4@6  |
 * out  2@1  x:5@4  ~5  9@6  |
 * ```
 *
 * @throws TidemarkError `wiring` as the error of the job, when the operator emits later (`delay`, `debounceTime`) or before
 *   (`startWith`): then its values have no time; `unsupported` for a retraction that got past the types
 * @example
 * scores.pipe(lift(pairwise()))
 */
export function lift<T, R, K, P>(
  operator: OperatorFunction<T, R>,
): OperatorFunction<Element<T, K, P>, Element<R, K, P>> {
  return (source) =>
    defineOperator<Event<T, K, P, Diff>, Event<R, K, P>>([source], {
      name: 'lift',
      create(context) {
        const { counters } = context
        const input = new Subject<T>()
        /** The event at hand: what comes out gets its time and key. */
        let current: Event<T, K, P, Diff> | undefined
        let latest: Event<T, K, P, Diff> | undefined
        let isEnding = false
        let contributed = 0
        let failure: { readonly error: unknown } | undefined
        const failed = new Subject<void>()
        const fail = (error: unknown): void => {
          failure = { error }
          failed.next()
          context.fail(error)
        }
        // Synchronous operators alone are allowed, so this subscription ends with the input, or when one turns out not to be.
        const subscriber = {
          next(value: R): void {
            if (failure !== undefined) return
            if (current === undefined) {
              if (!isEnding) fail(lateEmission())
              return
            }
            // RxJS would report an error thrown here to the process; it belongs to the job.
            try {
              context.emit(event(value, current.time, current.key, 1, current.pane))
            } catch (error) {
              failure = { error }
            }
          },
          error(error: unknown): void {
            if (current === undefined && !isEnding) fail(error)
            else failure ??= { error }
          },
        }
        operator(input).pipe(takeUntil(failed)).subscribe(subscriber)
        /** What comes out of `work` belongs to `element`. */
        const during = (element: Event<T, K, P, Diff> | undefined, work: () => void): void => {
          const outer = current
          current = element
          work()
          current = outer
          if (failure !== undefined) throw failure.error
        }
        return {
          onEvent(element) {
            if (element.diff === -1)
              throw new TidemarkError('unsupported', 'expected insertions only, got a retraction')
            const before = counters.out
            latest = element
            during(element, () => input.next(element.value))
            if (counters.out > before) contributed += 1
            else counters.filtered += 1
          },
          onWatermark(time) {
            // Before the watermark goes on, or what comes out now would be late.
            if (time < Infinity) return true
            isEnding = true
            during(latest, () => input.complete())
            return true
          },
          contributed: () => contributed,
        }
      },
    })
}

function lateEmission(): TidemarkError {
  return new TidemarkError(
    'wiring',
    'expected an operator that emits while it gets a value, got one that emits at another time',
  )
}
