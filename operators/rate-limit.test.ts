import { from, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { rateLimit, type RateLimitOptions } from './rate-limit.ts'

type Options = RateLimitOptions<number, string, undefined>

async function expectLimited(diagram: string, count: number, options: Options = {}): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const exceeding = sideOutput<Event<number, string, undefined>>('exceeding')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(rateLimit(count, 5, { ...options, late, exceeding })),
    late,
    exceeding,
  }))
  expect(actual).toBe(expected)
}

test('an event passes again when a whole `per` is over, for each key', async () => {
  await expectLimited(
    `
    in         x:1@1  x:2@5     y:3@5  x:4@6
    out        x:1@1            y:3@5  x:4@6
    late
    exceeding         L(x:2@5)
    `,
    1,
  )
})

test('an event that comes out of order counts in the spans on both sides of it', async () => {
  await expectLimited(
    `
    in         1@1  2@9  3@5     4@6
    out        1@1  2@9  3@5
    late
    exceeding                    L(4@6)
    `,
    2,
  )
})

test('what is left out does not count', async () => {
  await expectLimited(
    `
    in         1@1  2@3     3@5     4@6
    out        1@1                  4@6
    late
    exceeding       L(2@3)  L(3@5)
    `,
    1,
  )
})

test('behind the watermark an event is late, at it it is not', async () => {
  await expectLimited(
    `
    in         ~5  1@4     2@5
    out                    2@5
    late           L(1@4)
    exceeding
    `,
    1,
  )
})

test('in the order of time the earliest pass', async () => {
  await expectLimited(
    `
    in         1@6  2@4  3@9  ~8      |
    out                       2@4     3@9
    late
    exceeding                 L(1@6)
    `,
    1,
    { order: 'time' },
  )
})

test('a key is freed when the watermark is `per` beyond its latest event', async () => {
  const source = new Subject<Element<number, string, undefined>>()
  const job = run(source.pipe(rateLimit(2, 5)), () => {})
  const entries = async (): Promise<number | undefined> => {
    await turns()
    return job.metrics().operators[0]?.entries
  }
  await turns()
  for (const time of [1, 2, 3]) source.next(event(time, time, 'x'))
  source.next(watermark(7))
  expect(await entries()).toBe(1)
  source.next(watermark(8))
  expect(await entries()).toBe(0)
  source.complete()
  expect((await job.done).operators[0]).toMatchObject({ in: 3, contributed: 2, filtered: 1, held: 0 })
})

describe('an error', () => {
  test.each([0, -1, 1.5, Number.NaN])('is a count that is none: %s', (count) => {
    expect(() => rateLimit(count, 5)).toThrow(`rateLimit: expected a whole number of events above 0, got ${count}`)
  })

  test('is a span that is none', () => {
    expect(() => rateLimit(1, 0)).toThrow('rateLimit: per must be > 0, got 0')
    expect(() => rateLimit(1, 'long')).toThrow('rateLimit: per')
  })

  test('is an order that is none', () => {
    expect(() => rateLimit(1, 1, { order: 'age' as 'time' })).toThrow('rateLimit: order')
  })

  test('is a retraction, though it got past the types', async () => {
    const retraction = from([event(1, 1, 'x', -1)]) as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(retraction.pipe(rateLimit(1, 1))))).toMatchObject({ code: 'unsupported' })
  })
})
