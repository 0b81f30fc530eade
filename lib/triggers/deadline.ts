/** When a trigger is due; `Infinity` while nothing has happened. */
export interface Deadline {
  at: number
}

export function noDeadline(): Deadline {
  return { at: Infinity }
}

/** The earlier one stays. */
export function mergeDeadlines(into: Deadline, from: Deadline): void {
  into.at = Math.min(into.at, from.at)
}

/** The first multiple of `step` after `time`. */
export function nextMultiple(step: number, time: number): number {
  return (Math.floor(time / step) + 1) * step
}
