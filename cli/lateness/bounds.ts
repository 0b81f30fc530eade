const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Durations that one would write, ms: 0, 10ms ... 30d. */
const all: readonly number[] = [
  0,
  1,
  10,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 20, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
  ...[1, 2, 7, 14, 30].map((count) => count * day),
]

/** The bounds that make a difference to times of a log that counts in seconds, in minutes or finer, up to one that nothing is beyond. */
export function boundsFor(times: readonly number[], furthest: number): readonly number[] {
  const unit = [minute, second].find((each) => times.every((time) => time % each === 0)) ?? 1
  const able = all.filter((bound) => bound === 0 || bound >= unit)
  const last = able.findIndex((bound) => bound >= furthest)
  return last === -1 ? [...able, Math.ceil(furthest / day) * day] : able.slice(0, last + 1)
}
