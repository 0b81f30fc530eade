import type * as fc from 'fast-check'

/** An arrival whose value is remembered with how it was made. */
export interface Cell<T> {
  readonly time: number
  readonly delay: number
  readonly made: fc.Value<T>
}

export type Cells<T> = readonly Cell<T>[]

/**
 * Cells that are simpler, simplest first: less disorder, then fewer events, then times near `around`, then smaller values. What is
 * left of the disorder is needed for the failure.
 *
 * @param around the time that others shrink to
 */
export function* smallerEvents<T>(cells: Cells<T>, around: number, value: fc.Arbitrary<T>): Generator<Cells<T>> {
  yield* lessDisorder(cells)
  yield* fewerEvents(cells)
  for (const [i, cell] of cells.entries()) {
    for (const time of towards(around, cell.time)) yield cells.with(i, { ...cell, time })
  }
  for (const [i, cell] of cells.entries()) {
    const { value_, context } = cell.made
    for (const made of value.shrink(value_, context)) yield cells.with(i, { ...cell, made })
  }
}

/** All on time, or one half, or single ones on time, less delayed, or nearer to the others. */
function* lessDisorder<T>(cells: Cells<T>): Generator<Cells<T>> {
  yield* lessDelay(cells)
  yield* nearer(cells)
}

/** All on time, or one half, or single ones on time, or less delayed. */
export function* lessDelay<A extends { readonly delay: number }>(cells: readonly A[]): Generator<readonly A[]> {
  const delayed = cells.flatMap((cell, i) => (cell.delay > 0 ? [i] : []))
  const half = Math.ceil(delayed.length / 2)
  const onTime = (which: readonly number[]): readonly A[] =>
    cells.map((cell, i) => (which.includes(i) ? { ...cell, delay: 0 } : cell))
  if (delayed.length > 1) yield onTime(delayed)
  if (delayed.length > 2) {
    yield onTime(delayed.slice(0, half))
    yield onTime(delayed.slice(half))
  }
  for (const [i, cell] of cells.entries()) {
    for (const delay of towards(0, cell.delay)) yield cells.with(i, { ...cell, delay })
  }
}

/** One behind another is less behind it: it comes nearer, or the other does. */
function* nearer<T>(cells: Cells<T>): Generator<Cells<T>> {
  let ahead: { readonly at: number; readonly time: number } | undefined
  for (const [i, cell] of cells.entries()) {
    if (ahead === undefined || cell.time >= ahead.time) {
      ahead = { at: i, time: cell.time }
      continue
    }
    const gap = ahead.time - cell.time
    for (const left of towards(0, gap)) {
      const closer = { ...cell, delay: Math.max(0, cell.delay - gap + left) }
      yield cells.with(i, { ...closer, time: ahead.time - left })
      yield cells.with(i, closer).with(ahead.at, { ...(cells[ahead.at] ?? cell), time: cell.time + left })
    }
  }
}

/** Without all, without either half, without a quarter, and so on down to single events. */
export function* fewerEvents<A>(cells: readonly A[]): Generator<readonly A[]> {
  for (let size = cells.length; size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < cells.length; start += size) yield cells.toSpliced(start, size)
  }
}

/** Numbers from `target` on that come ever nearer to `from`. */
function* towards(target: number, from: number): Generator<number> {
  for (let gap = from - target; gap !== 0; gap = Math.trunc(gap / 2)) yield from - gap
}
