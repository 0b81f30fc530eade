import { show, TidemarkError } from '../errors.ts'
import type { CountWindows } from '../window.ts'

/**
 * Makes windows of `size` events of a key in the order of their arrival, one at every `every` events: `countWindow(100)`
 * makes one of each hundred, `countWindow(100, 10)` one of the last hundred after every ten.
 *
 * Time has no part in it: no event is late, and triggers and lateness do not apply. A result leaves with the event that fills
 * its window, under the time of the latest event and the span of time from the earliest to that. At the end of the input
 * what has come of the next window leaves as one that `isPartial`.
 *
 * Holds an accumulator for each key and every `every` events of the last `size`, until the end of the input: time can't tell
 * which keys are over. A result of windows that overlap merges them all: size / every of them where that divides, else more.
 *
 * @throws TidemarkError `invalid-argument` for numbers that are not whole and > 0
 * @example
 * readings.pipe(keyBy((reading) => reading.sensor), window(countWindow(100), avg((reading) => reading.celsius)))
 */
export function countWindow(size: number, every: number = size): CountWindows {
  for (const [name, number] of Object.entries({ size, every })) {
    if (Number.isSafeInteger(number) && number > 0) continue
    throw new TidemarkError('invalid-argument', `countWindow: ${name} must be a whole number > 0, got ${show(number)}`)
  }
  return {
    kind: 'count',
    name: every === size ? `countWindow(${size})` : `countWindow(${size}, ${every})`,
    size,
    every,
  }
}
