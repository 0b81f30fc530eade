import { type Duration, formatDuration, toNonNegativeMillis } from '../time.ts'
import type { WatermarkOptions, WatermarkStrategy } from './watermark-strategy.ts'
import { highestTime } from './highest-time.ts'
import { watermarkLimits } from './watermark-limits.ts'

/**
 * Expects events to be at most `delay` behind the latest so far: the watermark is the highest event time minus `delay`. An
 * event at exactly that time is not late. Holds one time.
 *
 * A longer delay makes fewer events late, and results later by as much.
 *
 * @throws TidemarkError `invalid-duration` for what is no duration; `invalid-argument` unless delay >= 0, idleTimeout > 0
 * and maxFutureSkew >= 0
 * @example
 * boundedOutOfOrderness('30s', { idleTimeout: '1m' })
 */
export function boundedOutOfOrderness<T = unknown>(
  delay: Duration,
  options: WatermarkOptions = {},
): WatermarkStrategy<T> {
  const millis = toNonNegativeMillis(delay, 'boundedOutOfOrderness: delay')
  return {
    name: `boundedOutOfOrderness(${formatDuration(millis)})`,
    ...watermarkLimits('boundedOutOfOrderness', options),
    create: () => highestTime(millis),
  }
}
