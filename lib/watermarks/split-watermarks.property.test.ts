// Laws of the watermarks of splits
//
// 1. After any calls the combined one is what a model says that looks at all splits anew each time.
// 2. It never goes back.
// 3. Once all are closed, it does not matter in which order they were.
// 4. Saved at any moment, those that have an id go on in another one as they would have here.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Split } from '../split.ts'
import { boundedOutOfOrderness } from './bounded-out-of-orderness.ts'
import { SplitWatermarks } from './split-watermarks.ts'

type Call =
  readonly ['event', number, number] | readonly ['open' | 'close' | 'wait' | 'pass', number] | readonly ['silence']

const delay = 3
const timeout = 10
const strategy = boundedOutOfOrderness<number>(delay)
const splits: readonly (Split & { isBusy: boolean })[] = Array.from({ length: 6 }, (_, index) => ({
  id: `split ${index}`,
  isBusy: false,
  isWaiting(): boolean {
    return this.isBusy
  },
}))

const index = fc.nat({ max: splits.length - 1 })
const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('event' as const), index, fc.integer({ min: -20, max: 60 })) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('open' as const, 'close' as const), index) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('wait' as const), index) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('pass' as const), fc.nat({ max: 15 })) },
  { weight: 1, arbitrary: fc.constant(['silence'] as const) },
)

interface Live {
  time: number
  generated: number
  seen: number
  state: 'counted' | 'behind' | 'idle'
}

/** The rules word by word. */
class Model {
  readonly live = new Map<number, Live>()
  time = -Infinity
  highest = -Infinity
  now = 0

  apply(call: Call): void {
    switch (call[0]) {
      case 'event':
        this.#event(call[1], call[2])
        break
      case 'open':
        this.#open(call[1])
        break
      case 'close':
        this.live.delete(call[1])
        break
      case 'pass':
        this.now += call[1]
        for (const [split, live] of this.live) {
          if (splits[split]?.isBusy === true && live.state !== 'idle') live.seen = this.now
          if (this.now - live.seen >= timeout) live.state = 'idle'
        }
        break
      case 'silence':
        for (const live of this.live.values()) live.state = 'idle'
        break
      case 'wait':
        break
    }
    this.#settle()
  }

  #open(split: number): Live {
    const known = this.live.get(split)
    const live = known ?? { time: this.time, generated: -Infinity, seen: this.now, state: 'counted' as const }
    this.live.set(split, live)
    return live
  }

  #event(split: number, time: number): void {
    const live = this.#open(split)
    live.seen = this.now
    if (live.state === 'idle') live.state = live.time < this.time ? 'behind' : 'counted'
    live.generated = Math.max(live.generated, time - delay)
    live.time = Math.max(live.time, live.generated)
    if (live.time >= this.time) live.state = 'counted'
    this.highest = Math.max(this.highest, live.time)
  }

  #settle(): void {
    const all = [...this.live.values()]
    const counted = all.filter(({ state }) => state === 'counted').map(({ time }) => time)
    if (all.every(({ state }) => state === 'idle')) this.time = Math.max(this.time, this.highest)
    else if (counted.length > 0) this.time = Math.max(this.time, Math.min(...counted))
  }
}

/** What stands under test, at the model's time. */
function apply(watermarks: SplitWatermarks<number>, call: Call, now: number): void {
  const split = splits[Number(call[1] ?? 0)]
  if (split === undefined && call[0] !== 'pass') throw new Error('no such split')
  if (call[0] === 'event') watermarks.onEvent(split, call[2], call[2], now)
  else if (call[0] === 'open' && split !== undefined) watermarks.open(split, now)
  else if (call[0] === 'close' && split !== undefined) watermarks.close(split)
  else if (call[0] === 'wait' && split !== undefined) split.isBusy = !split.isBusy
  else if (call[0] === 'pass') watermarks.look(now, timeout, (each) => each?.isWaiting() === true)
  else if (call[0] === 'silence') watermarks.silence()
}

function fresh(time = -Infinity, saved = {}): SplitWatermarks<number> {
  const { records = [] } = saved as { readonly records?: ReturnType<SplitWatermarks<number>['save']> }
  return new SplitWatermarks(strategy, strategy.create(), time, records)
}

function calm(): void {
  for (const split of splits) split.isBusy = false
}

test('1, 2: agrees with the model, and never goes back', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 80 }), (calls) => {
      calm()
      const model = new Model()
      const watermarks = fresh()
      let before = -Infinity
      for (const each of calls) {
        model.apply(each)
        apply(watermarks, each, model.now)
        expect(watermarks.time).toBe(model.time)
        expect(watermarks.size).toBe(model.live.size)
        expect(watermarks.isIdle).toBe([...model.live.values()].every(({ state }) => state === 'idle'))
        expect(watermarks.time).toBeGreaterThanOrEqual(before)
        before = watermarks.time
      }
    }),
    { numRuns: 2_000 },
  )
})

test('3: the order of closing makes no difference', () => {
  fc.assert(
    fc.property(
      fc.array(call, { maxLength: 40 }),
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      (calls, order) => {
        const ends = [order, [0, 1, 2, 3, 4, 5]].map((closed) => {
          calm()
          const watermarks = fresh()
          for (const each of calls) apply(watermarks, each, 0)
          for (const split of closed) apply(watermarks, ['close', split], 0)
          return watermarks.time
        })
        expect(ends[0]).toBe(ends[1])
      },
    ),
  )
})

test('4: saved, they go on where they were', () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 40 }), fc.array(call, { maxLength: 40 }), (before, after) => {
      calm()
      const first = fresh()
      for (const each of before) apply(first, each, 0)
      const records = first.save()
      const second = fresh(first.time, { records })
      for (const { id } of records) apply(second, ['open', Number(id.slice('split '.length))], 0)
      // What was never opened before has no watermark of its own yet, here and there.
      for (const each of after) {
        if (each[0] === 'close' || each[0] === 'wait') continue
        apply(first, each, 0)
        apply(second, each, 0)
        if (first.isIdle) break
        expect(second.time).toBe(first.time)
      }
    }),
  )
})
