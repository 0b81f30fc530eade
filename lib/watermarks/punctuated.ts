import { show, TidemarkError } from '../errors.ts'
import type { WatermarkGenerator, WatermarkOptions, WatermarkStrategy } from './watermark-strategy.ts'
import { watermarkLimits } from './watermark-limits.ts'

/**
 * Lets the values themselves say how far event time has come: some carry a watermark, such as a heartbeat or the last record
 * of a batch. A lower one than before has no effect. Holds one time.
 *
 * @param of the watermark in a value, epoch ms: no further event with a lower time is expected; `undefined` if there is none
 * @throws TidemarkError `invalid-argument` if `of` is no function, unless idleTimeout > 0 and maxFutureSkew >= 0;
 * `invalid-duration` for what is no duration; later `invalid-time` for a watermark that is no finite integer
 * @example
 * punctuated((message: Message) => (message.type === 'heartbeat' ? message.time : undefined))
 */
export function punctuated<T>(
  of: (value: T, time: number) => number | undefined,
  options: WatermarkOptions = {},
): WatermarkStrategy<T> {
  if (typeof of !== 'function') {
    throw new TidemarkError(
      'invalid-argument',
      `punctuated: expected a function of the value and its time, got ${show(of)}`,
    )
  }
  return { name: 'punctuated()', ...watermarkLimits('punctuated', options), create: () => generator(of) }
}

function generator<T>(of: (value: T, time: number) => number | undefined): WatermarkGenerator<T> {
  let watermark = -Infinity
  return {
    onEvent(value, time) {
      const declared = of(value, time)
      if (declared === undefined) return watermark
      if (!Number.isSafeInteger(declared)) {
        throw new TidemarkError(
          'invalid-time',
          `punctuated: expected a whole number of ms or undefined, got ${show(declared)}`,
        )
      }
      // -0 becomes 0.
      if (declared > watermark) watermark = declared + 0
      return watermark
    },
  }
}
