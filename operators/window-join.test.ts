import { from, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import type { WindowJoinKind } from '../lib/joins/pairs.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import type { WindowAssigner } from '../lib/window.ts'
import { calendar } from '../lib/windows/calendar.ts'
import { cumulative } from '../lib/windows/cumulative.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { sliding } from '../lib/windows/sliding.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { assignTimestamps, keyBy, map, values, windowJoin } from './index.ts'

/** Runs a diagram through a join whose pairs are written `left/right`, and expects it to come out as drawn. */
async function expectJoin(
  diagram: string,
  windows: WindowAssigner<string> = tumbling(10),
  kind: WindowJoinKind = 'inner',
): Promise<void> {
  const lateLeft = sideOutput<Event<string, string, undefined>>('late left')
  const lateRight = sideOutput<Event<string, string, undefined>>('late right')
  const { actual, expected } = await runMarbles<string>(diagram, ({ left, right }) => ({
    out: left.pipe(
      windowJoin(right, windows, { kind, lateLeft, lateRight }),
      map((row) => (typeof row === 'string' ? row : `${row.left ?? ''}/${row.right ?? ''}`)),
    ),
    lateLeft,
    lateRight,
  }))
  expect(actual).toBe(expected)
}

describe('the kinds', () => {
  const product = 'a:[0,10)="p/x"&a:[0,10)="p/y"&a:[0,10)="q/x"&a:[0,10)="q/y"'

  // a has two on each side, b one on the left, c one on the right.
  test.each<[WindowJoinKind, string]>([
    ['inner', product],
    ['left', `${product}&b:[0,10)="r/"`],
    ['right', `${product}&c:[0,10)="/z"`],
    ['full', `${product}&b:[0,10)="r/"&c:[0,10)="/z"`],
    ['semi', 'a:[0,10)=p&a:[0,10)=q'],
    ['anti', 'b:[0,10)=r'],
  ])('%s', async (kind, rows) => {
    await expectJoin(
      `
      left   a:p@1         b:r@3                 a:q@2  ~10
      right         a:x@4         c:z@1  a:y@0          ~10
      out                                               ${rows}
      `,
      tumbling(10),
      kind,
    )
  })

  test('inner unless given', async () => {
    const stream = fromIterable([1]).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy(() => 'k'),
    )
    expect(await collect(stream.pipe(windowJoin(stream, tumbling(10)), values()))).toEqual([{ left: 1, right: 1 }])
  })
})

describe('a window is complete', () => {
  test('when the slower side says so', async () => {
    await expectJoin(`
      left   a:p@1         ~10      ~30
      right         a:x@9       ~9       ~10           ~20
      out                                a:[0,10)="p/x"
      `)
  })

  test('when one side has ended, and the other says so', async () => {
    await expectJoin(
      `
      left   a:p@1  |
      right            ~9  ~10            a:x@10  |
      out                  a:[0,10)="p/"          a:[10,20)="/x"
      `,
      tumbling(10),
      'full',
    )
  })

  test('although a side is idle', async () => {
    await expectJoin(`
      left   a:p@1         ~10
      right         a:x@2       idle
      out                       a:[0,10)="p/x"
      `)
  })

  test('by its end, and nothing less', async () => {
    await expectJoin(`
      left   a:p@0         ~9      ~10
      right         a:x@9      ~9       ~10
      out                               a:[0,10)="p/x"
      `)
  })

  test('once: what comes behind it is late, on its side', async () => {
    await expectJoin(
      `
      left       a:p@1         ~10                 a:q@9               b:r@10            |
      right             a:x@1       ~10                      b:y@0             a:z@9        |
      out                           a:[0,10)="p/x"                                          b:[10,20)="r/"
      lateLeft                                     L(a:q@9)
      lateRight                                              L(b:y@0)          L(a:z@9)
      `,
      tumbling(10),
      'full',
    )
  })

  test('not by the watermark of one side: an event behind that alone is in time', async () => {
    await expectJoin(`
      left   a:p@1  ~20  a:q@2         |
      right                     a:x@3     |
      out                                 a:[0,10)="p/x"&a:[0,10)="q/x"
      `)
  })
})

describe('windows', () => {
  test('that overlap pair what they share, once each', async () => {
    await expectJoin(
      `
      left   a:p@7          |
      right         a:x@12     |
      out                      a:[0,10)="p/"&a:[5,15)="p/x"&a:[10,20)="/x"
      `,
      hopping(10, 5),
      'full',
    )
  })

  test('that overlap: an event too late for one counts in the other', async () => {
    await expectJoin(
      `
      left   a:p@7  ~10                        |
      right              ~10            a:x@8     |
      out                a:[0,10)="p/"            a:[5,15)="p/x"
      `,
      hopping(10, 5),
      'left',
    )
  })

  test('with gaps: an event in one is in no window', async () => {
    const numbers = fromIterable([1, 7]).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy(() => 'k'),
    )
    const job = run(numbers.pipe(windowJoin(numbers, hopping(5, 10), { kind: 'full', id: 'join' })), () => {})
    const { operators } = await job.done
    expect(operators.find(({ id }) => id === 'join')).toMatchObject({ in: 4, out: 1, noWindow: 2, contributed: 2 })
  })

  test('that grow', async () => {
    await expectJoin(
      `
      left   a:p@1         |
      right         a:x@6     |
      out                     a:[0,5)="p/"&a:[0,10)="p/x"
      `,
      cumulative(10, 5),
      'left',
    )
  })

  test('of the calendar', async () => {
    await expectJoin(
      `
      left   a:p@0s               |
      right         a:x@23h          |
      out                            a:[0s,1d)="p/x"
      `,
      calendar('day', 'UTC'),
    )
  })

  test('of all time: complete at the end, with the time of the latest event of the key', async () => {
    await expectJoin(
      `
      left   a:p@7         b:q@1  ~50       |
      right         a:x@3              ~50     |
      out                                      a:[-inf,inf)="p/x"@7&b:[-inf,inf)="q/"@1
      `,
      globalWindow(),
      'left',
    )
  })

  test('of your own, that look at the values of both sides', async () => {
    const letters: WindowAssigner<string> = {
      name: 'letters',
      assign: (_, value) =>
        value < 'm'
          ? [{ start: 0, end: 5 }]
          : [
              { start: 0, end: 5 },
              { start: 3, end: 8 },
            ],
    }
    await expectJoin(
      `
      left   a:p@3         a:b@4         |
      right         a:x@3         a:c@4     |
      out                                   a:[0,5)="p/x"&a:[0,5)="p/c"&a:[0,5)="b/x"&a:[0,5)="b/c"&a:[3,8)="p/x"
      `,
      letters,
    )
  })
})

describe('sessions', () => {
  test('are made by events of both sides', async () => {
    await expectJoin(
      `
      left   a:p@1                 a:r@16         |
      right         a:x@9  a:y@30         b:z@1      |
      out                                            b:[1,11)="/z"&a:[1,26)="p/x"&a:[1,26)="r/x"&a:[30,40)="/y"
      `,
      session(10),
      'full',
    )
  })

  test('that an event of either side brings together are one, in the order of arrival', async () => {
    await expectJoin(
      `
      left   a:p@0         a:q@18                  a:r@1         |
      right         a:x@0          a:y@18  a:z@2          a:w@9     |
      out                                                           a:[0,28)="p/x"&a:[0,28)="p/y"&a:[0,28)="p/z"&a:[0,28)="p/w"&a:[0,28)="q/x"&a:[0,28)="q/y"&a:[0,28)="q/z"&a:[0,28)="q/w"&a:[0,28)="r/x"&a:[0,28)="r/y"&a:[0,28)="r/z"&a:[0,28)="r/w"
      `,
      session(10),
    )
  })

  test('take a late event that belongs to one which is not complete', async () => {
    await expectJoin(
      `
      left      a:p@5  ~12             a:q@1                    |
      right                   ~12             b:x@1                 |
      out                                                           a:[1,15)=p&a:[1,15)=q
      lateRight                               L(b:x@1)
      `,
      session(10),
      'anti',
    )
  })

  test('that touch stay apart', async () => {
    await expectJoin(
      `
      left   a:p@0          |
      right         a:x@10     |
      out                      a:[0,10)="p/"&a:[10,20)="/x"
      `,
      session(10),
      'full',
    )
  })
})

test('keys that differ have nothing in common', async () => {
  await expectJoin(`
    left   a:p@1         |
    right         b:x@1     |
    out
    `)
})

test('the watermark goes on behind what it completes, and so does the end', async () => {
  await expectJoin(`
    left   a:p@1         ~12                          |
    right         a:x@1       ~12                        |
    out                       a:[0,10)="p/x"&~12         |
    `)
})

describe('a result', () => {
  test('is the only pane of its window', async () => {
    const stream = fromIterable([1, 2]).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy(() => 'k'),
    )
    const elements = await collect(stream.pipe(windowJoin(stream, tumbling(10), { kind: 'semi' })))
    const pane = {
      window: { start: 0, end: 10 },
      timing: 'on-time',
      index: 0,
      isFirst: true,
      isLast: true,
      nonSpeculativeIndex: 0,
    }
    expect(elements.slice(-3)).toEqual([
      { kind: 'event', value: 1, time: 9, key: 'k', diff: 1, pane },
      { kind: 'event', value: 2, time: 9, key: 'k', diff: 1, pane },
      watermark(Infinity),
    ])
  })

  test('falls into the same window a second time', async () => {
    const numbers = fromIterable([1, 2, 11]).pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy(() => 'k'),
    )
    const twice = numbers.pipe(
      windowJoin(numbers, tumbling(10), { kind: 'semi' }),
      windowJoin(numbers, tumbling(10)),
      map(({ left, right }) => `${left}${right}`),
    )
    expect(await collect(twice.pipe(values()))).toEqual(['11', '12', '21', '22', '1111'])
  })
})

describe('refuses', () => {
  test('a kind there is not', () => {
    expect(() => windowJoin(from([]), tumbling(1), { kind: 'outer' as 'full' })).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: "windowJoin: kind must be one of 'inner', 'left', 'right', 'full', 'semi', 'anti', got 'outer'",
      }),
    )
  })

  test.each([
    [sliding(5), "'sliding(5ms)'"],
    [tumbling, 'a function'],
    [undefined, 'undefined'],
    [null, 'null'],
    ['1h', "'1h'"],
  ])('windows that are no assigner: %o', (windows, got) => {
    expect(() => windowJoin(from([]), windows as unknown as WindowAssigner)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: `windowJoin: expected windows that depend on each event alone, such as tumbling('1h'), got ${got}`,
      }),
    )
  })

  test.each([
    ['left', tumbling(5)],
    ['right', tumbling(5)],
    ['left', session(5)],
    ['right', session(5)],
  ])('a retraction that got past the types: on the %s side, $name', async (side, windows) => {
    const retraction = event('a', 1, 'k', -1) as unknown as Event<string, string, undefined>
    const inputs = {
      left: new Subject<Element<string, string, undefined>>(),
      right: new Subject<Element<string, string, undefined>>(),
    }
    const job = run(inputs.left.pipe(windowJoin(inputs.right, windows)), () => {})
    inputs[side as 'left' | 'right'].next(retraction)
    await expect(job.done).rejects.toMatchObject({ code: 'unsupported', operator: 'windowJoin' })
  })

  test.each<[WindowAssigner]>([
    [{ name: 'backward', assign: () => [{ start: 5, end: 5 }] }],
    [{ name: 'backward', assign: () => [{ start: 5, end: 5 }], merges: () => false }],
  ])('a window that ends before it starts', async (windows) => {
    const stream = fromIterable([1]).pipe(assignTimestamps((n) => n, monotonous()))
    const job = run(stream.pipe(windowJoin(stream, windows)), () => {})
    await expect(job.done).rejects.toMatchObject({
      message: expect.stringContaining('backward: expected a window with a start < end, got 5 and 5') as string,
    })
  })
})
