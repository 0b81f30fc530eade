import { from } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { event, type Event, watermark } from '../lib/element.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { intervalJoin, type IntervalJoinKind, type IntervalJoinOptions } from './interval-join.ts'
import { map } from './map.ts'

type Options = IntervalJoinOptions<Event<string, string, undefined>, Event<string, string, undefined>>

/** Runs a diagram through a join: `ax` is a pair, `a` or `x` is alone. Expects it to come out as drawn. */
async function expectJoin(diagram: string, lower: number, upper: number, options: Options = {}): Promise<void> {
  const late = sideOutput<Event<string, string, undefined>>('late')
  const { actual, expected } = await runMarbles<string>(diagram, ({ left, right }) => ({
    out: left.pipe(
      intervalJoin(right, lower, upper, { ...options, lateLeft: late, lateRight: late }),
      map((joined) => `${joined.left ?? ''}${joined.right ?? ''}`),
    ),
    late,
  }))
  expect(actual).toBe(expected)
}

describe('a pair', () => {
  test('leaves as soon as both are there, with the larger time', async () => {
    await expectJoin(
      `
      left   a@1        b@6        |
      right       x@3         y@5     |
      out         ax@3        by@6
      late
      `,
      -2,
      2,
    )
  })

  test('has one key', async () => {
    await expectJoin(
      `
      left   k:a@1                    l:b@2
      right         l:x@1  k:y@1
      out                  k:ay@1     l:bx@2
      late
      `,
      -1,
      1,
    )
  })

  test.each([
    { lower: -2, upper: 3, inclusive: [true, true], partners: [8, 9, 10, 11, 12, 13] },
    { lower: -2, upper: 3, inclusive: [false, true], partners: [9, 10, 11, 12, 13] },
    { lower: -2, upper: 3, inclusive: [true, false], partners: [8, 9, 10, 11, 12] },
    { lower: -2, upper: 3, inclusive: [false, false], partners: [9, 10, 11, 12] },
    { lower: 0, upper: 0, inclusive: [true, true], partners: [10] },
    { lower: -3, upper: -2, inclusive: [true, true], partners: [7, 8] },
    { lower: 2, upper: 3, inclusive: [true, true], partners: [12, 13] },
    { lower: '-1ms', upper: '1ms', inclusive: [false, false], partners: [10] },
  ])('is made from $lower to $upper, inclusive or not: $inclusive', async ({ lower, upper, inclusive, partners }) => {
    const [lowerInclusive = true, upperInclusive = true] = inclusive
    const one = from([event('a', 10, 'k')])
    const many = from(Array.from({ length: 14 }, (_, i) => event(i + 1, i + 1, 'k')))
    const joined = collect(one.pipe(intervalJoin(many, lower, upper, { lowerInclusive, upperInclusive })))
    const pairs = partners.map((n) => event({ left: 'a', right: n }, Math.max(10, n), 'k'))
    expect((await joined).filter(({ kind }) => kind === 'event')).toEqual(pairs)
    const turned = collect(
      many.pipe(
        intervalJoin(one, `${-Number.parseInt(`${upper}`)}ms`, `${-Number.parseInt(`${lower}`)}ms`, {
          lowerInclusive: upperInclusive,
          upperInclusive: lowerInclusive,
        }),
      ),
    )
    expect((await turned).flatMap((each) => (each.kind === 'event' ? [each.value.left] : []))).toEqual(partners)
  })

  test('leaves with others in the order of the partners’ times, of equal ones in that of arrival', async () => {
    await expectJoin(
      `
      left   c@3  a@1  d@3  b@2
      right                      x@2
      out                        ax@2&bx@2&cx@3&dx@3
      late
      `,
      -1,
      1,
    )
  })

  test('is made with an event behind the watermark, as long as its own instant has not passed', async () => {
    await expectJoin(
      `
      left   a@3  ~4                    b@1     c@0
      right           ~4  x@2   y@-2
      out                 ax@3          bx@2
      late                      L(y@-2)         L(c@0)
      `,
      -5,
      3,
    )
  })

  test('is not made with an event that is late, though a partner is held', async () => {
    await expectJoin(
      `
      left   a@3  ~4
      right           ~4  x@2
      out
      late                L(x@2)
      `,
      -1,
      1,
    )
  })
})

describe('an event without a partner', () => {
  test.each<[IntervalJoinKind, string]>([
    ['inner', ''],
    ['left', 'a@5'],
    ['right', ''],
    ['full', 'a@5'],
  ])('of the left side leaves when the watermark has passed time + upper: %s', async (kind, alone) => {
    await expectJoin(
      `
      left   a@5  ~8      ~9
      right           ~8      ~9
      out                     ${alone}
      late
      `,
      -100,
      3,
      { kind },
    )
  })

  test.each<[IntervalJoinKind, string]>([
    ['inner', ''],
    ['left', ''],
    ['right', 'x@5'],
    ['full', 'x@5'],
  ])('of the right side leaves when the watermark has passed time - lower: %s', async (kind, alone) => {
    await expectJoin(
      `
      left        ~8      ~9
      right  x@5      ~8      ~9
      out                     ${alone}
      late
      `,
      -3,
      100,
      { kind },
    )
  })

  test('leaves in the order of the instants at which that is known, over all keys; of one instant, in that of arrival', async () => {
    await expectJoin(
      `
      left   k:a@4         l:b@2         k:c@3         m:d@3                               |
      right         l:x@9         m:y@1         n:z@0                                   |
      out                                                                                  n:z@0&m:y@1&l:b@2&k:c@3&m:d@3&k:a@4&l:x@9
      late
      `,
      0,
      5,
      { kind: 'full' },
    )
  })

  test('leaves once, and one that has had a partner does not', async () => {
    await expectJoin(
      `
      left   a@1  b@2        ~20       |
      right            x@4        ~20    |
      out              bx@4       a@1
      late
      `,
      1,
      2,
      { kind: 'full' },
    )
  })

  test('leaves at once when it comes after its instant; on a side that is not preserved it is late then', async () => {
    await expectJoin(
      `
      left   ~10       a@7  b@6
      right       ~10            x@9     y@10
      out                   b@6          ay@10
      late                       L(x@9)
      `,
      0,
      3,
      { kind: 'left' },
    )
  })

  test('holds the watermark that comes out back, so that it is on time for what follows', async () => {
    await expectJoin(
      `
      left   a@5  ~8      ~9               |
      right           ~8      ~9              |
      out             ~5      a@5&~6          |
      late
      `,
      -100,
      3,
      { kind: 'left' },
    )
    await expectJoin(
      `
      left   a@5  ~8      ~9               |
      right           ~8      ~9              |
      out             ~8      ~9              |
      late
      `,
      -100,
      3,
    )
  })
})

describe('an event on time whose partners are all before the watermark', () => {
  test('is paired with what is held, and not held', async () => {
    await expectJoin(
      `
      left        ~10       a@10        b@11   c@12
      right  x@5       ~10         y@6
      out                   ax@10       by@11
      late
      `,
      -5,
      -2,
    )
  })

  test('leaves at once if it has none', async () => {
    await expectJoin(
      `
      left        ~10       a@10        b@11   l:c@11
      right  x@5       ~10         y@6
      out                   ax@10       by@11  l:c@11
      late
      `,
      -5,
      -2,
      { kind: 'left' },
    )
  })
})

describe('options', () => {
  const right = from([event('x', 1, 'k')])

  test.each([
    [
      () => intervalJoin(right, 1, 0),
      'invalid-argument',
      'intervalJoin: expected an interval with times in it, got [1, 0]',
    ],
    [
      () => intervalJoin(right, '1s', 1_000, { upperInclusive: false }),
      'invalid-argument',
      'intervalJoin: expected an interval with times in it, got [1s, 1000)',
    ],
    [
      () => intervalJoin(right, 0, 1, { lowerInclusive: false, upperInclusive: false }),
      'invalid-argument',
      'intervalJoin: expected an interval with times in it, got (0, 1)',
    ],
    [
      () => intervalJoin(right, 0, 1, { kind: 'outer' as 'inner' }),
      'invalid-argument',
      "intervalJoin: kind must be one of 'inner', 'left', 'right', 'full', got 'outer'",
    ],
    [
      () => intervalJoin(right, 'soon', 1),
      'invalid-duration',
      "intervalJoin: lower: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'soon'",
    ],
    [
      () => intervalJoin(right, 0, Infinity),
      'invalid-duration',
      "intervalJoin: upper: expected a whole number of milliseconds or a text like '90s' or '1h30m', got Infinity",
    ],
  ])('that are none are refused when built', (build, code, message) => {
    expect(build).toThrow(expect.objectContaining({ code, message }))
  })
})

test('each side has a late output of its own, and is counted', async () => {
  const lateLeft = sideOutput<Event<string, string, undefined>>('late left')
  const lateRight = sideOutput<Event<number, string, undefined>>('late right')
  const left = from([event('a', 9, 'k'), watermark(9), event('b', 1, 'k')])
  const right = from([event(1, 9, 'k'), watermark(9), event(2, 1, 'k'), event(3, 2, 'k')])
  const late: unknown[] = []
  const { operators } = await run([
    route(left.pipe(intervalJoin(right, -1, 1, { lateLeft, lateRight, id: 'near' })), () => {}),
    route(lateLeft, (each) => void late.push(each)),
    route(lateRight, (each) => void late.push(each)),
  ]).done
  expect(operators).toMatchObject([{ id: 'near', name: 'intervalJoin', in: 5, late: late.length, out: 1 }])
  expect(late).toEqual([event(2, 1, 'k'), event(3, 2, 'k')])
})
