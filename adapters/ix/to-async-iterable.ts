import { AsyncIterableX } from 'ix/asynciterable/asynciterablex'
import type { Observable } from 'rxjs'
import { PulledJob } from '../node-stream/pulled-job.ts'
import { type PulledOptions, refuseCheckpoints } from '../node-stream/pulled-options.ts'
import { ResultIterator } from './result-iterator.ts'

/**
 * Makes an `AsyncIterableX` of Ix of results, to be pulled one by one. Each iteration runs a job of its own, which works one
 * batch ahead and then stands still until it is asked again: unlike what Ix itself makes of an observable, nothing piles up.
 *
 * What ends the job is thrown, after the results before it. Leaving a loop early stops the job; its sources are closed before
 * the loop is left. So does the signal in the options, or the one that Ix hands on; its reason is thrown.
 *
 * @throws TidemarkError `unsupported` for the option `checkpoint`
 * @example
 * ```ts
 * for await (const total of toAsyncIterable(perHour)) if (total > limit) break
 * ```
 */
export function toAsyncIterable<T>(results: Observable<T>, options: PulledOptions = {}): AsyncIterableX<T> {
  refuseCheckpoints('toAsyncIterable', options)
  return new Results(results, options)
}

class Results<T> extends AsyncIterableX<T> {
  readonly #results: Observable<T>
  readonly #options: PulledOptions

  constructor(results: Observable<T>, options: PulledOptions) {
    super()
    this.#results = results
    this.#options = options
  }

  [Symbol.asyncIterator](signal?: AbortSignal): AsyncIterableIterator<T> {
    const signals = [this.#options.signal, signal].filter((each) => each !== undefined)
    const options = signals.length === 0 ? this.#options : { ...this.#options, signal: AbortSignal.any(signals) }
    return new ResultIterator(new PulledJob('toAsyncIterable', this.#results, options))
  }
}
