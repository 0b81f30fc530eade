import type { WatermarkGenerator } from './watermark-strategy.ts'

/** A watermark that stays `delay` ms behind the highest event time. */
export function highestTime(delay: number): WatermarkGenerator<unknown> {
  let watermark = -Infinity
  return {
    onEvent(_, time) {
      const reached = time - delay
      // -0 becomes 0.
      if (reached > watermark) watermark = reached + 0
      return watermark
    },
  }
}
