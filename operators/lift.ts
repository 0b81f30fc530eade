import { type OperatorFunction, Subject } from 'rxjs'
import { type Element, event, type Event } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { defineOperator } from '../lib/operator.ts'

/**
 * Runs a synchronous RxJS operator on the values of a stream, keeping times, keys, panes and watermarks.
 *
 * Each value goes in by itself; what comes out in that instant gets the time and key of the event that went in, and what
 * comes out at the end of the input those of the last event. An event that nothing came out for is counted as filtered. All
 * keys go through the one operator. What it remembers (`scan`, `distinctUntilChanged`) no checkpoint sees.
 *
 * @throws TidemarkError `wiring` as the error of the job, when the operator emits later (`delay`, `debounceTime`): then its
 *   values have no time any more; `unsupported` for a retraction
 * @example
 * scores.pipe(lift(pairwise()))
 */
export function lift<T, R, K, P>(
  operator: OperatorFunction<T, R>,
): OperatorFunction<Element<T, K, P>, Element<R, K, P>> {
  return (source) =>
    defineOperator<T, K, P, R, K, P>([source], {
      name: 'lift',
      create(context) {
        const { counters } = context
        const input = new Subject<T>()
        let latest: Event<T, K, P> | undefined
        /** The values are being handed in: what comes out now belongs to `latest`. */
        let isOpen = false
        let contributed = 0
        let failure: { readonly error: unknown } | undefined
        // Synchronous operators alone are allowed, so this subscription ends with the input.
        operator(input).subscribe({
          next(value) {
            if (!isOpen || latest === undefined) {
              context.fail(lateEmission())
              return
            }
            // RxJS would report an error thrown here to the process; it belongs to the job.
            try {
              context.emit(event(value, latest.time, latest.key, 1, latest.pane))
            } catch (error) {
              failure ??= { error }
            }
          },
          error(error: unknown) {
            failure ??= { error }
          },
        })
        const open = (work: () => void): void => {
          isOpen = true
          work()
          isOpen = false
          if (failure !== undefined) throw failure.error
        }
        return {
          onEvent(element) {
            if (element.diff === -1)
              throw new TidemarkError('unsupported', 'expected insertions only, got a retraction')
            const before = counters.out
            latest = element
            open(() => input.next(element.value))
            if (counters.out > before) contributed += 1
            else counters.filtered += 1
          },
          onWatermark(time) {
            // Before the watermark goes on, or what comes out now would be late.
            if (time === Infinity) open(() => input.complete())
            return true
          },
          contributed: () => contributed,
        }
      },
    })
}

function lateEmission(): TidemarkError {
  return new TidemarkError('wiring', 'expected an operator that emits while it gets a value, got one that emits later')
}
