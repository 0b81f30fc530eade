import { expect, test } from 'vitest'
import { event, type Diff, type Event } from '../element.ts'
import type { Accumulation } from '../window.ts'
import { hopping } from '../windows/hopping.ts'
import type { OperatorContext } from '../wiring/machine.ts'
import { Accumulators } from './accumulators.ts'
import { settingsOf } from './fixtures/settings.ts'
import type { Result } from './pane.ts'
import { Refinements } from './refinements.ts'
import { Timeline } from './timeline.ts'

/** Windows [0,10), [5,15) and so on, of one key, all complete. */
class Complete {
  readonly left: string[] = []
  readonly #accumulators: Accumulators<number, number>
  readonly #timeline: Timeline
  readonly #refinements: Refinements<number, string, number>

  constructor(accumulation: Accumulation) {
    this.#accumulators = new Accumulators<number, number>(settingsOf({ accumulation }), 'window', false)
    this.#timeline = new Timeline(this.#accumulators)
    const context = {
      emit: ({ value, diff, pane }: Result<number, string>) => {
        const { window, timing, index } = pane
        this.left.push(`${diff === 1 ? '+' : '-'}${value} of ${window.start} ${timing} ${index}`)
      },
    } as unknown as OperatorContext<Result<number, string>>
    this.#refinements = new Refinements(hopping(10, 5).series, this.#accumulators, accumulation, context)
  }

  /** What is there when the windows complete. */
  complete(value: number, time: number): this {
    const slice = Math.floor(time / 5) * 5
    this.#timeline.change(slice, (accumulator) => this.#accumulators.change(accumulator, event(value, time, 'a')))
    return this
  }

  late(value: number, time: number, diff: Diff = 1): this {
    const number = Math.floor(time / 5)
    const late: Event<number, string, undefined, Diff> = event<number, string, undefined, Diff>(value, time, 'a', diff)
    const given = this.#refinements.given(this.#timeline, 'a', number - 1, number + 1)
    this.#timeline.change(number * 5, (accumulator) => this.#accumulators.change(accumulator, late))
    for (const [i, before] of given.entries()) this.#refinements.refine(this.#timeline, late, number - 1 + i, before)
    return this
  }

  forgetUpTo(number: number): this {
    this.#refinements.forgetUpTo(number)
    return this
  }
}

test('a refinement follows the on-time pane, if there was one', () => {
  expect(new Complete('accumulating').complete(1, 7).late(2, 3).late(4, 3).left).toEqual([
    '+2 of -5 late 0',
    '+3 of 0 late 1',
    '+6 of -5 late 1',
    '+7 of 0 late 2',
  ])
})

test('has what is new alone, when that is asked for', () => {
  expect(new Complete('discarding').complete(1, 7).late(2, 3).late(4, 3).left).toEqual([
    '+2 of -5 late 0',
    '+2 of 0 late 1',
    '+4 of -5 late 1',
    '+4 of 0 late 2',
  ])
})

test('takes back the pane before it, as that was', () => {
  expect(new Complete('retracting').complete(1, 7).late(2, 3).late(4, 3).left).toEqual([
    '+2 of -5 late 0',
    '-1 of 0 on-time 0',
    '+3 of 0 late 1',
    '-2 of -5 late 0',
    '+6 of -5 late 1',
    '-3 of 0 late 1',
    '+7 of 0 late 2',
  ])
})

test('is not there when all was taken back, unless a result stays that says otherwise', () => {
  expect(new Complete('retracting').late(2, 3).late(2, 3, -1).late(4, 3).left).toEqual([
    '+2 of -5 late 0',
    '+2 of 0 late 0',
    '-2 of -5 late 0',
    '-2 of 0 late 0',
    '+4 of -5 late 1',
    '+4 of 0 late 1',
  ])
  expect(new Complete('accumulating').late(2, 3).late(2, 3, -1).left).toEqual([
    '+2 of -5 late 0',
    '+2 of 0 late 0',
    '+0 of -5 late 1',
    '+0 of 0 late 1',
  ])
})

test('nothing is kept of windows that have expired', () => {
  // That it counts from the on-time pane again shows it: no event comes for such a window.
  expect(new Complete('accumulating').complete(1, 3).late(2, 3).forgetUpTo(-1).late(4, 3).left).toEqual([
    '+3 of -5 late 1',
    '+3 of 0 late 1',
    '+7 of -5 late 1',
    '+7 of 0 late 2',
  ])
})
