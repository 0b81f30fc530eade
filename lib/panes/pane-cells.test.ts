// What the simulated crashes can't see, because there the clock goes on while a job is away: panes wait on for the same instants, in
// the same order.
import { describe, expect, test } from 'vitest'
import type { Trigger } from '../trigger.ts'
import { defineTrigger } from '../trigger.ts'
import { afterProcessingTime } from '../triggers/after-processing-time.ts'
import { everyEventTime } from '../triggers/every-event-time.ts'
import { everyProcessingTime } from '../triggers/every-processing-time.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import { hopping } from '../windows/hopping.ts'
import { sliding } from '../windows/sliding.ts'
import { tumbling } from '../windows/tumbling.ts'
import { Operator } from './fixtures/operator.ts'

/** Windows of 100 ms. */
function operatorOf(trigger: Trigger): Operator {
  return new Operator(tumbling(100), { trigger })
}

describe('of windows that have been recovered', () => {
  test('panes wait on for the clock, in the order in which they began to', () => {
    const trigger = everyProcessingTime(10)
    // The second pane begins to wait again before the first.
    const operator = operatorOf(trigger).give('abc').clock(10).clock(11).give('ba').clock(12).give('c')
    const recovered = operator.recovered()
    expect([...recovered.timers.keys()]).toEqual([20])
    const again = recovered.give('d').recovered()
    expect(recovered.clock(20).left).toEqual(['b2', 'a2', 'c2', 'd1'])
    expect(again.clock(20).left).toEqual(recovered.left)
    // And who comes later comes behind those that were there.
    expect(operator.give('d').clock(20).left.slice(3)).toEqual(recovered.left)
  })

  test('panes wait on for the watermark, in the order in which they began to', () => {
    const trigger = everyEventTime(10)
    const operator = operatorOf(trigger).give('abc').rise(10).give('ba', 15).give('c', 16)
    const recovered = operator.recovered()
    expect(recovered.give('d', 16).rise(20).left).toEqual(['b2', 'a2', 'c2', 'd1'])
    expect(operator.give('d', 16).rise(20).left.slice(3)).toEqual(recovered.left)
  })

  test('a pane whose instant has passed meanwhile is asked at the first opportunity', () => {
    const trigger = repeatedly(afterProcessingTime(10))
    const recovered = operatorOf(trigger).give('a').recovered(500)
    expect([...recovered.timers.keys()]).toEqual([10])
    expect(recovered.clock(500).left).toEqual(['a1'])
    expect(recovered.give('a').clock(509).left).toEqual(['a1'])
    expect(recovered.clock(510).left).toEqual(['a1', 'a2'])
  })

  test('a pane that has been asked since does not wait', () => {
    const trigger = everyProcessingTime(10)
    const recovered = operatorOf(trigger).give('a').clock(10).recovered()
    expect([...recovered.timers.keys()]).toEqual([])
  })

  test('a pane whose trigger names what has passed does not wait', () => {
    const passed = defineTrigger<undefined>({
      name: 'passed()',
      fires: 'any-time',
      finishes: 'never',
      create: () => undefined,
      onEvent() {},
      shouldFire: (_, { now }) => now >= 10,
      onFire: () => false,
      merge() {},
      deadline: (_, { now }) => (now < 3 ? 4 : 2),
      watermarkDeadline: (_, { watermark }) => (watermark < 3 ? 4 : 2),
    })
    const operator = operatorOf(passed).rise(2).give('a').rise(3).clock(3).give('a')
    const recovered = operator.recovered(10)
    expect([...recovered.timers.keys()]).toEqual([])
    expect(recovered.rise(5).left).toEqual([])
  })

  test('what is held, and what is kept, is counted', () => {
    const trigger = everyProcessingTime(10)
    const { machine } = operatorOf(trigger).give('abca').recovered()
    expect([machine.held?.(), machine.entries?.()]).toEqual([4, 3])
  })

  test('an event without a window of its own is not late when another one makes a window around it', () => {
    const operator = new Operator(sliding(6), { allowedLateness: 3 }).rise(5).give('a', 0)
    const recovered = operator.recovered().give('a', 5).recovered().rise(100)
    expect(operator.rise(100).whole).toEqual([['late', 'a', 0]])
    expect(recovered.left).toEqual(['a2', 'a1'])
  })

  test('a window that had no result on time takes a late one back as such', () => {
    const settings = { allowedLateness: 50, accumulation: 'retracting' } as const
    const operator = new Operator(hopping(10, 5), settings).rise(20).give('a', 12)
    const recovered = operator.recovered().give('a', 12)
    expect(recovered.whole).toEqual(operator.give('a', 12).whole.slice(-recovered.whole.length))
    expect(recovered.whole[0]).toMatchObject(['a', 1, -1, { timing: 'late', index: 0 }])
  })
})
