import { from } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Diff, type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { assignTimestamps } from './assign-timestamps.ts'
import { intervalJoin } from './interval-join.ts'
import { keyBy } from './key-by.ts'
import { map } from './map.ts'

/** Runs a diagram through a join of streams that take values back: `ax` is a pair. Expects it to come out as drawn. */
async function expectRevisedJoin(diagram: string, lower: number, upper: number): Promise<void> {
  const late = sideOutput<Event<string, string, undefined, Diff>>('late')
  const { actual, expected } = await runMarbles<string, Diff>(diagram, ({ left, right }) => ({
    out: left.pipe(
      intervalJoin(right, lower, upper, { lateLeft: late, lateRight: late }),
      map((joined) => `${joined.left}${joined.right}`),
    ),
    late,
  }))
  expect(actual).toBe(expected)
}

describe('a retraction', () => {
  test('takes back the pairs its event is in, and those alone', async () => {
    await expectRevisedJoin(
      `
      left   a@1        b@3         -a@1          c@1
      right       x@2         y@4          -x@2
      out         ax@2  bx@3  by@4  -ax@2  -bx@3
      late
      `,
      -1,
      1,
    )
  })

  test('takes pairs back whose other event can not be paired any more', async () => {
    await expectRevisedJoin(
      `
      left         a@1   ~4      c@2  -c@2  -a@1
      right  x@-3            ~4
      out          ax@1                     -ax@1
      late
      `,
      -5,
      5,
    )
  })

  test('is late when its event would be', async () => {
    await expectRevisedJoin(
      `
      left         a@1   b@2   ~7      -b@2   -a@1
      right  x@2                   ~7
      out          ax@2  bx@2          -bx@2
      late                                    L(-a@1)
      `,
      -5,
      5,
    )
  })

  test('finds its event by key, time and an equal value, and the latest of several', async () => {
    const at = (
      n: number,
      time: number,
      key: string,
      diff: Diff = 1,
    ): Element<{ n: number }, string, undefined, Diff> => event({ n }, time, key, diff)
    const changes = from([at(1, 5, 'a'), at(1, 5, 'b'), at(1, 6, 'a'), at(2, 5, 'a'), at(1, 5, 'a'), at(1, 5, 'a', -1)])
    const partner = from([event('x', 5, 'a')])
    const out = await collect(partner.pipe(intervalJoin(changes, 0, 0)))
    const pair = (n: number, diff: Diff): Element<unknown, string, undefined, Diff> =>
      event({ left: 'x', right: { n } }, 5, 'a', diff)
    expect(out).toEqual([pair(1, 1), pair(2, 1), pair(1, 1), pair(1, -1), watermark(Infinity)])
  })

  test.each<[string, readonly Element<string, string, undefined, Diff>[]]>([
    ['of another key', [event('a', 1, 'k'), event('a', 1, 'l', -1)]],
    ['of another time', [event('a', 1, 'k'), event('a', 2, 'k', -1)]],
    ['of another value', [event('a', 1, 'k'), event('b', 1, 'k', -1)]],
    ['twice', [event('a', 1, 'k'), event('a', 1, 'k', -1), event('a', 1, 'k', -1)]],
  ])('is an error if there is no such event: %s', async (_, elements) => {
    const joined = from(elements).pipe(intervalJoin(from([event('x', 50, 'k')]), 0, 1))
    expect(await failureOf(collect(joined))).toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(
        /^intervalJoin: expected to take back a value that is there, got '[ab]'/,
      ) as string,
    })
  })

  test.each(['left', 'right', 'full'] as const)('is refused by a %s join it got to past the types', async (kind) => {
    const changes = from([event('a', 1, 'k'), event('a', 1, 'k', -1)]) as unknown as Stream<string, string, undefined>
    expect(
      await failureOf(collect(changes.pipe(intervalJoin(from([event('x', 5, 'k')]), 0, 1, { kind })))),
    ).toMatchObject({
      code: 'unsupported',
      message:
        `intervalJoin: expected insertions only, got a retraction; a ${kind} join gives what has no partner once ` +
        "(key 'k', event time 1)",
    })
  })

  test('is announced where one may come, also to those who do not see the types', () => {
    const known = fromIterable(['a']).pipe(
      assignTimestamps(() => 1, monotonous()),
      keyBy((): string => 'k'),
    )
    const unknown = from([event('a', 1, 'k')])
    expect(isInsertOnlyStream(known.pipe(intervalJoin(known, 0, 1)))).toBe(true)
    expect(isInsertOnlyStream(known.pipe(intervalJoin(unknown, 0, 1)))).toBe(false)
    expect(isInsertOnlyStream(unknown.pipe(intervalJoin(known, 0, 1, { kind: 'left' })))).toBe(true)
  })
})
