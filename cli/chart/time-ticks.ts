import { isoTime } from '../iso-time.ts'
import type { Zone } from '../zone.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Steps that an eye counts in. */
const steps: readonly number[] = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 30, 90, 365, 3_650, 36_500].map((count) => count * day),
]

/** A time with what is written at it. */
export interface Tick {
  readonly time: number
  readonly label: string
}

/** Chooses times between two others, round ones in their zone, and at most so many. */
export function timeTicks(from: number, until: number, most: number, zone: Zone): readonly Tick[] {
  const step = steps.find((each) => (until - from) / each < most) ?? until - from
  const ticks: Tick[] = []
  for (let shown = Math.ceil(zone.shown(from) / step) * step; ticks.length < most; shown += step) {
    const time = zone.time(shown)
    if (!(time <= until)) break
    ticks.push({ time, label: labelOf(shown, step) })
  }
  return ticks
}

function labelOf(shown: number, step: number): string {
  const text = isoTime(shown)
  if (step >= day) return text.slice(0, 10)
  return text.slice(11, step >= minute ? 16 : step >= second ? 19 : 23)
}
