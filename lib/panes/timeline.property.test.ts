// Laws of a timeline, against an array of parts and a plain fold over it
//
// 1. The total of any range is what its parts come to, whatever was appended, changed, taken back and dropped before; it is
//    undefined exactly if the range has no part.
// 2. What was merged from, or given as a total, is changed by nothing but `change`: no accumulator is shared.
// 3. A total takes at most 2 log2(n) + 2 merges, n being the parts in its range.
// 4. `append`, `change` and `dropBefore` say how many parts there are.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Diff, event, type Event } from '../element.ts'
import { absent, Accumulators } from './accumulators.ts'
import { Timeline } from './timeline.ts'
import type { WindowSettings } from './window-settings.ts'

/** Keeps every value in one array, so that what is shared by mistake shows. */
interface Bag {
  readonly values: number[]
}

/** Since it was last set to 0. */
let merges = 0

const settings: WindowSettings<number, readonly number[]> = {
  aggregate: {
    name: 'bag',
    create: (): Bag => ({ values: [] }),
    add(bag, value) {
      ;(bag as Bag).values.push(value)
      return bag
    },
    merge(into, from) {
      merges += 1
      ;(into as Bag).values.push(...(from as Bag).values)
      return into
    },
    retract(bag, value) {
      const { values } = bag as Bag
      const index = values.indexOf(value)
      if (index < 0) throw new Error(`expected ${value} to be there`)
      values.splice(index, 1)
      return bag
    },
    result: (bag) => sorted((bag as Bag).values),
  },
  trigger: undefined,
  accumulation: 'accumulating',
  allowedLateness: 0,
  isOnTimeAlways: true,
  isClosingAlways: false,
}

function sorted(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b)
}

type Step =
  | { readonly kind: 'append'; readonly gap: number }
  | { readonly kind: 'change'; readonly at: number; readonly isRetraction: boolean }
  | { readonly kind: 'drop'; readonly share: number }
  | { readonly kind: 'total'; readonly from: number; readonly until: number }

const share = fc.double({ min: 0, max: 1, noNaN: true })
const append = fc.record({ kind: fc.constant('append' as const), gap: fc.integer({ min: 1, max: 3 }) })
const change = fc.record({ kind: fc.constant('change' as const), at: share, isRetraction: fc.boolean() })
const drop = fc.record({ kind: fc.constant('drop' as const), share: fc.double({ min: 0, max: 0.3, noNaN: true }) })
const total = fc.record({ kind: fc.constant('total' as const), from: share, until: share })
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: append, weight: 8 },
  { arbitrary: change, weight: 4 },
  { arbitrary: drop, weight: 1 },
  { arbitrary: total, weight: 3 },
)

/** A timeline beside what it should be. */
class Pair {
  readonly accumulators = new Accumulators(settings, 'window', false)
  readonly timeline = new Timeline(this.accumulators)
  /** By start. */
  readonly parts = new Map<number, number[]>()
  /** Totals that were handed out, with what they were then; a part itself is handed out if it is the only one. */
  readonly totals: { readonly total: unknown; readonly values: readonly number[] }[] = []
  end = 0
  head = 0
  #values = 0

  append(gap: number): void {
    const start = this.end + gap - 1
    this.end = start + 1
    const value = this.#values++
    this.timeline.append(start, this.accumulators.change(this.accumulators.create(), this.event(start, value)))
    this.parts.set(start, [value])
  }

  /** Changes the part at a start, or makes it; takes one of its values back if it may. */
  change(start: number, isRetraction: boolean): void {
    const part = this.parts.get(start)
    const taken = isRetraction ? part?.pop() : undefined
    const value = taken ?? this.#values++
    const changed = this.timeline.change(start, (accumulator) =>
      this.accumulators.change(accumulator, this.event(start, value, taken === undefined ? 1 : -1)),
    )
    expect(changed).toBe(part === undefined)
    this.end = Math.max(this.end, start + 1)
    if (part === undefined) this.parts.set(start, [value])
    else if (taken === undefined) part.push(value)
    // A part that was handed out as a total is changed in place.
    this.totals.length = 0
  }

  drop(start: number): void {
    let dropped = 0
    for (const at of this.parts.keys()) if (at < start && this.parts.delete(at)) dropped += 1
    expect(this.timeline.dropBefore(start)).toBe(dropped)
    this.head = Math.max(this.head, start)
  }

  total(from: number, until: number): void {
    const inside = [...this.parts].filter(([start]) => start >= from && start < until)
    merges = 0
    const result = this.timeline.total(from, until)
    expect(merges).toBeLessThanOrEqual(inside.length === 0 ? 0 : 2 * Math.log2(inside.length) + 2)
    expect(result === absent).toBe(inside.length === 0)
    if (result === absent) return
    const values = sorted(inside.flatMap(([, part]) => part))
    expect(this.accumulators.result(result, 'a', 0)).toEqual(values)
    this.totals.push({ total: result, values })
  }

  check(): void {
    expect(this.timeline.size).toBe(this.parts.size)
    for (const { total: given, values } of this.totals) {
      expect(this.accumulators.result(given, 'a', 0)).toEqual(values)
    }
  }

  private event(time: number, value: number, diff: Diff = 1): Event<number, string, undefined, Diff> {
    return event<number, string, undefined, Diff>(value, time, 'a', diff)
  }
}

function play(steps: readonly Step[], parts: number): Pair {
  const pair = new Pair()
  for (let i = 0; i < parts; i++) pair.append(1 + (i % 2))
  for (const each of steps) {
    const { head } = pair
    const at = (part: number): number => Math.floor(head + part * (pair.end - head))
    if (each.kind === 'append') pair.append(each.gap)
    else if (each.kind === 'change') pair.change(at(each.at), each.isRetraction)
    else if (each.kind === 'drop') pair.drop(at(each.share))
    else pair.total(Math.min(at(each.from), at(each.until)), Math.max(at(each.from), at(each.until)) + 1)
  }
  pair.check()
  return pair
}

test('1, 2, 3, 4: of few parts, with every range at the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const pair = play(steps, 0)
      for (let from = pair.head - 1; from <= Math.min(pair.end, pair.head + 12); from++) {
        for (let until = from; until <= pair.end + 1; until++) pair.total(from, until)
      }
      pair.check()
    }),
    { numRuns: 60 },
  )
})

test('1, 2, 3, 4: of hundreds of parts', () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 700 }), fc.array(step, { maxLength: 200, size: 'max' }), (parts, steps) => {
      play(steps, parts)
    }),
    { numRuns: 60 },
  )
})

test('1, 3: of windows that slide over a thousand parts, the rest dropped', () => {
  const pair = new Pair()
  for (let i = 0; i < 1_000; i++) {
    pair.append(1)
    pair.drop(i - 255)
    pair.total(i - 255, i + 1)
    pair.totals.length = 0
  }
  expect(pair.timeline.size).toBe(256)
})
