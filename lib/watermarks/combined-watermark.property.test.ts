// Laws of the combined watermark
//
// 1. After any calls it is what a model says that looks at all inputs anew each time.
// 2. It never goes back, and a method says true exactly when something has changed.
// 3. Once all inputs are idle, it does not matter in which order they became so.
// 4. Saved and loaded at any moment, it goes on as the one that was not, when what had ended has said so again.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CombinedWatermark } from './combined-watermark.ts'

type Call = readonly ['watermark' | 'idle' | 'active' | 'end', number, number]

interface Input {
  time: number
  state: 'counted' | 'behind' | 'idle' | 'done' | 'ended'
}

/** The rules word by word, over all inputs each time. */
class Model {
  readonly inputs: Input[]
  time = -Infinity
  isIdle = false

  constructor(inputs: number) {
    this.inputs = Array.from({ length: inputs }, () => ({ time: -Infinity, state: 'counted' }))
  }

  get hasEnded(): boolean {
    return this.inputs.every(({ state }) => state === 'ended')
  }

  apply([method, index, time]: Call): void {
    const input = this.inputs[index]
    if (input === undefined || input.state === 'ended') return
    if (method === 'end') input.state = 'ended'
    else if (input.state === 'done') return
    else if (method === 'watermark' && time === Infinity) input.state = 'done'
    else if (method === 'idle') input.state = 'idle'
    else if (method === 'active' && input.state === 'idle') input.state = 'behind'
    else if (method === 'watermark' && input.state !== 'idle') input.time = Math.max(input.time, time)
    for (const each of this.inputs) if (each.state === 'behind' && each.time >= this.time) each.state = 'counted'
    this.isIdle = !this.#has('counted', 'behind') && this.#has('idle')
    this.time = Math.max(this.time, this.#reached())
  }

  #reached(): number {
    if (this.isIdle) return Math.max(...this.inputs.map((input) => input.time))
    const counted = this.inputs.filter(({ state }) => state === 'counted')
    if (counted.length > 0) return Math.min(...counted.map((input) => input.time))
    return this.#has('behind') ? -Infinity : Infinity
  }

  #has(...states: readonly Input['state'][]): boolean {
    return this.inputs.some(({ state }) => states.includes(state))
  }
}

const inputs = fc.integer({ min: 1, max: 9 })
const time = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: -20, max: 40 }) },
  fc.constantFrom(Infinity, -Infinity),
)

function call(inputCount: number): fc.Arbitrary<Call> {
  const method = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Call[0]>('watermark') },
    { weight: 4, arbitrary: fc.constant<Call[0]>('idle') },
    { weight: 4, arbitrary: fc.constant<Call[0]>('active') },
    { weight: 1, arbitrary: fc.constant<Call[0]>('end') },
  )
  return fc.tuple(method, fc.nat({ max: inputCount - 1 }), time)
}

function apply(combined: CombinedWatermark, [method, input, at]: Call): boolean {
  return method === 'watermark' ? combined.watermark(input, at) : combined[method](input)
}

const observed = ({ time, isIdle, hasEnded }: CombinedWatermark | Model): string => `${time} ${isIdle} ${hasEnded}`

test('1, 2: agrees with the model, never goes back, and says what has changed', () => {
  const script = inputs.chain((count) => fc.tuple(fc.constant(count), fc.array(call(count), { maxLength: 80 })))
  fc.assert(
    fc.property(script, ([count, calls]) => {
      const combined = new CombinedWatermark(count)
      const model = new Model(count)
      for (const each of calls) {
        const before = observed(combined)
        const timeBefore = combined.time
        const hasChanged = apply(combined, each)
        model.apply(each)
        expect(observed(combined)).toBe(observed(model))
        expect(combined.time).toBeGreaterThanOrEqual(timeBefore)
        expect(hasChanged).toBe(observed(combined) !== before)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('3: the order of going idle does not matter', () => {
  const script = inputs.chain((count) =>
    fc.tuple(
      fc.array(fc.tuple(fc.nat({ max: count - 1 }), fc.integer()), { maxLength: 30 }),
      fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
      fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
    ),
  )
  fc.assert(
    fc.property(script, ([watermarks, one, other]) => {
      const [a, b] = [one, other].map((order) => {
        const combined = new CombinedWatermark(order.length)
        for (const [input, at] of watermarks) combined.watermark(input, at)
        for (const input of order) combined.idle(input)
        return observed(combined)
      })
      expect(a).toBe(b)
    }),
  )
})

test('4: saved and loaded it goes on as before', () => {
  const script = inputs.chain((count) =>
    fc.tuple(fc.constant(count), fc.array(call(count), { maxLength: 40 }), fc.array(call(count), { maxLength: 40 })),
  )
  fc.assert(
    fc.property(script, ([count, before, after]) => {
      const combined = new CombinedWatermark(count)
      for (const each of before) apply(combined, each)
      const loaded = new CombinedWatermark(count)
      loaded.load(structuredClone(combined.save()))
      expect([loaded.time, loaded.isIdle]).toEqual([combined.time, combined.isIdle])
      for (const [method, input] of before) if (method === 'end') loaded.end(input)
      expect(observed(loaded)).toBe(observed(combined))
      expect(loaded.save()).toEqual(combined.save())
      for (const each of after) {
        expect(apply(loaded, each)).toBe(apply(combined, each))
        expect(observed(loaded)).toBe(observed(combined))
        for (let input = 0; input < count; input++) expect(loaded.isIdleInput(input)).toBe(combined.isIdleInput(input))
      }
    }),
    { numRuns: 1_000 },
  )
})
