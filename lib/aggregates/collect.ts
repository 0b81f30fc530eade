import { show, TidemarkError } from '../errors.ts'
import type { Dated } from './dated.ts'
import { isEqual } from './is-equal.ts'
import type { FullAggregate } from './full-aggregate.ts'
import { selector } from './selector.ts'

/** Values in the order of arrival, put into the order of time when someone wants to know. */
export interface Collected<V> {
  readonly entries: Readonly<Dated<V>>[]
  isSorted: boolean
}

/**
 * Collects the values in the order of their event times, those of equal times in the order of arrival; `[]` when there are
 * none. Holds every value.
 *
 * A value is taken back by being equal: plain objects, arrays and dates by what is in them, all else as `Object.is`.
 *
 * @param of what of a value to collect; the value itself unless given
 * @throws TidemarkError `invalid-argument` if `of` is no function; `unsupported` when a value is to be taken back that is not
 * there
 * @example
 * collect((hit: Hit) => hit.url)
 */
export function collect<T>(): FullAggregate<T, Collected<T>, T[]>
export function collect<T, V>(of: (value: T) => V): FullAggregate<T, Collected<V>, V[]>
export function collect(of?: (value: unknown) => unknown): FullAggregate<unknown, Collected<unknown>, unknown[]> {
  const valueOf = selector('collect', of)
  return {
    name: 'collect',
    keepsValues: true,
    create: () => ({ entries: [], isSorted: true }),
    add(collected, value, time) {
      append(collected, { time, value: valueOf(value) })
      return collected
    },
    merge(into, from) {
      for (const entry of from.entries) append(into, entry)
      return into
    },
    result: (collected) => sorted(collected).map((entry) => entry.value),
    retract(collected, value, time) {
      const entries = sorted(collected)
      const index = lastIndexOf(entries, valueOf(value), time)
      if (index < 0) {
        throw new TidemarkError(
          'unsupported',
          `collect: expected to take back a value that is there, got ${show(valueOf(value))}`,
        )
      }
      entries.splice(index, 1)
      return collected
    },
  }
}

function append(collected: Collected<unknown>, entry: Readonly<Dated<unknown>>): void {
  const { entries } = collected
  const latest = entries.at(-1)
  if (latest !== undefined && entry.time < latest.time) collected.isSorted = false
  entries.push(entry)
}

/** The sort is stable, and what is appended later belongs behind equal times: the order of arrival survives. */
function sorted(collected: Collected<unknown>): Readonly<Dated<unknown>>[] {
  if (!collected.isSorted) {
    collected.entries.sort((a, b) => a.time - b.time)
    collected.isSorted = true
  }
  return collected.entries
}

function lastIndexOf(entries: readonly Readonly<Dated<unknown>>[], value: unknown, time: number): number {
  let index = entriesUpTo(entries, time) - 1
  while (entries[index]?.time === time && !isEqual(entries[index]?.value, value)) index -= 1
  return entries[index]?.time === time ? index : -1
}

/** How many entries have a time `<=` the given one. */
function entriesUpTo(entries: readonly Readonly<Dated<unknown>>[], time: number): number {
  let from = 0
  let until = entries.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((entries[middle]?.time ?? Infinity) <= time) from = middle + 1
    else until = middle
  }
  return from
}
