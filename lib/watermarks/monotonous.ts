import type { WatermarkOptions, WatermarkStrategy } from './watermark-strategy.ts'
import { highestTime } from './highest-time.ts'
import { watermarkLimits } from './watermark-limits.ts'

/**
 * Expects event times that never decrease: the watermark is the highest event time. Events of equal times are not late;
 * every event with a time before the highest is. Holds one time.
 *
 * @throws TidemarkError `invalid-duration` for what is no duration; `invalid-argument` unless idleTimeout > 0 and
 * maxFutureSkew >= 0
 */
export function monotonous<T = unknown>(options: WatermarkOptions = {}): WatermarkStrategy<T> {
  return { name: 'monotonous()', ...watermarkLimits('monotonous', options), create: () => highestTime(0) }
}
