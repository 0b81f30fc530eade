/** An event of an input, and how long it is on its way. */
export interface Arrival<T> {
  readonly value: T
  /** Event time, epoch ms. */
  readonly time: number
  /** How far behind its time it arrives, ms of event time: after every event of an earlier `time + delay`. */
  readonly delay: number
}

/** Sorts into the order of arrival; what arrives together stays in the order given. */
export function inOrderOfArrival<A extends Pick<Arrival<unknown>, 'time' | 'delay'>>(arrivals: readonly A[]): A[] {
  return arrivals.toSorted((a, b) => a.time + a.delay - (b.time + b.delay))
}

/** The same events without disorder; those of equal times stay in the order of arrival. */
export function inTimeOrder<T>(arrivals: readonly Arrival<T>[]): Arrival<T>[] {
  return arrivals.map(({ value, time }) => ({ value, time, delay: 0 })).sort((a, b) => a.time - b.time)
}

/** The same arrivals, all of them `by` ms of event time later. */
export function shifted<T>(arrivals: readonly Arrival<T>[], by: number): Arrival<T>[] {
  return arrivals.map(({ value, time, delay }) => ({ value, time: time + by, delay }))
}
