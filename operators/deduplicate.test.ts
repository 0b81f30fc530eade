import { from, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { deduplicate, type DeduplicateOptions } from './deduplicate.ts'

type Options = DeduplicateOptions<number, string, undefined>

async function expectDistinct(diagram: string, options: Options): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const duplicates = sideOutput<Event<number, string, undefined>>('duplicates')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(deduplicate((n) => n, { ...options, late, duplicates })),
    late,
    duplicates,
  }))
  expect(actual).toBe(expected)
}

test('what is at most `within` away repeats, before and after, of the same key', async () => {
  await expectDistinct(
    `
    in          x:1@10  x:1@15     x:1@16  x:1@5     x:1@4  y:1@10
    out         x:1@10             x:1@16            x:1@4  y:1@10
    late
    duplicates          L(x:1@15)          L(x:1@5)
    `,
    { within: 5 },
  )
})

test('with `within: 0` only what has the same time repeats', async () => {
  await expectDistinct(
    `
    in          1@3  1@3     1@4  ~5  1@4
    out         1@3          1@4
    late                              L(1@4)
    duplicates       L(1@3)
    `,
    { within: 0 },
  )
})

test('behind the watermark what is known repeats, and what is not is late', async () => {
  await expectDistinct(
    `
    in          1@10  2@8  ~15  1@6     2@8     3@14
    out         1@10  2@8
    late                                L(2@8)  L(3@14)
    duplicates                  L(1@6)
    `,
    { within: 5 },
  )
})

test('in the order of time the earliest passes, whatever came first', async () => {
  await expectDistinct(
    `
    in          1@9  1@5  2@5  ~6       ~20     2@19
    out                        1@5&2@5
    late                                        L(2@19)
    duplicates                          L(1@9)
    `,
    { within: 5, order: 'time' },
  )
})

test('an id is held until the watermark is more than `within` beyond it', async () => {
  const source = new Subject<Element<number, string, undefined>>()
  const job = run(source.pipe(deduplicate((n) => n, { within: 5 })), () => {}, { clock: new VirtualClock() })
  const entries = async (): Promise<number | undefined> => {
    await turns()
    return job.metrics().operators[0]?.entries
  }
  await turns()
  for (const [value, time] of [
    [1, 10],
    [2, 10],
    [1, 12],
    [3, 20],
  ] as const) {
    source.next(event(value, time, 'x'))
  }
  expect(await entries()).toBe(1 + 3)
  source.next(watermark(15))
  expect(await entries()).toBe(1 + 3)
  source.next(watermark(16))
  expect(await entries()).toBe(1 + 1)
  source.next(watermark(26))
  expect(await entries()).toBe(0)
  source.complete()
  expect((await job.done).operators[0]).toMatchObject({ in: 4, out: 3, contributed: 3, filtered: 1, held: 0 })
})

test('streams without a key, and their panes, pass as they are', async () => {
  const input = [event('a', 1), event('b', 2), event('a', 3)]
  const out = await collect(fromIterable(input).pipe(deduplicate((id) => id, { within: '1h' })))
  expect(out).toEqual([event('a', 1), event('b', 2), watermark(Infinity)])
})

describe('an error', () => {
  test.each([[-1], ['long']])('is a duration that is none: %s', (within) => {
    expect(() => deduplicate((n: number) => n, { within })).toThrow('deduplicate: within')
  })

  test('is an order that is none', () => {
    expect(() => deduplicate((n: number) => n, { within: 1, order: 'age' as 'time' })).toThrow('deduplicate: order')
  })

  test.each([
    ['an object', (): unknown => ({})],
    ['a function', (): unknown => () => 1],
  ])('is an id that is %s', async (what, idOf) => {
    const out = fromIterable([event(1, 7, 'x')]).pipe(deduplicate(idOf as () => string, { within: 1 }))
    expect(await failureOf(collect(out))).toMatchObject({
      code: 'invalid-key',
      message: `deduplicate: expected an id that is a text, number or other primitive value, got ${what} (key 'x', event time 7)`,
    })
  })

  test('is a retraction, though it got past the types', async () => {
    const retraction = from([event(1, 1, 'x', -1)]) as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(retraction.pipe(deduplicate((n) => n, { within: 0 }))))).toMatchObject({
      code: 'unsupported',
    })
  })
})
