/** Puts events in the order in which they arrive, each so many ms after its time. */
export function arriving<T extends { readonly time: number }>(
  events: readonly T[],
  delayOf: (event: T) => number,
): readonly T[] {
  return events
    .map((event) => ({ event, at: event.time + delayOf(event) }))
    .sort((a, b) => a.at - b.at)
    .map(({ event }) => event)
}
