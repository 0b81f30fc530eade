import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { max } from '../lib/aggregates/max.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { type Diff, event } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { changes, window } from './index.ts'

describe('a retraction that comes into a window', () => {
  const refused = `
    in   1@1  2@2  -1@1
    out            #unsupported
  `

  test.each([tumbling(10), session(8), hopping(10, 10), globalWindow()])('is taken by $name', async (windows) => {
    const elements = [event(1, 1, 'a'), event(2, 2, 'a'), event(1, 1, 'a', -1)]
    for (const accumulation of ['accumulating', 'retracting'] as const) {
      const pipeline = fromIterable(elements).pipe(window(windows, sum(), { accumulation }), changes())
      expect((await collect(pipeline)).map(({ op, value }) => `${op}${value}`)).toEqual(['+2'])
    }
  })

  test.each([
    [tumbling(10), 'discarding', "what it takes back has been forgotten: use 'accumulating' or 'retracting'"],
    [hopping(10, 5), 'discarding', "what it takes back has been forgotten: use 'accumulating' or 'retracting'"],
    [session(5), 'discarding', "what it takes back has been forgotten: use 'accumulating' or 'retracting'"],
    [sliding(5), 'accumulating', 'it would unmake windows'],
    [countWindow(5), 'accumulating', 'it would change which events make a window'],
  ] as const)('ends the job of windows that can not take it: %#', async (windows, accumulation, because) => {
    const { actual, expected } = await runMarbles<number, Diff>(refused, ({ in: source }) => ({
      out: source.pipe(window(windows, sum(), { accumulation })),
    }))
    expect(actual).toBe(expected)
    const elements = [event(1, 1, 'a'), event(1, 1, 'a', -1)]
    const job = run(fromIterable(elements).pipe(window(windows, sum(), { accumulation })), () => {})
    await expect(job.done).rejects.toMatchObject({
      code: 'unsupported',
      message: `window: expected insertions only, got a retraction; ${because} (key 'a', event time 1)`,
      key: 'a',
      time: 1,
    })
  })

  test('ends the job of an aggregate that can not take it, which the types refuse', async () => {
    const elements = [event(1, 1, 'a'), event(1, 1, 'a', -1)]
    const job = run(fromIterable(elements).pipe(window(tumbling(10), max() as never)), () => {})
    await expect(job.done).rejects.toMatchObject({
      code: 'unsupported',
      message: "window: max can't take a retraction back; give it a 'retract' function (key 'a', event time 1)",
    })
  })
})
