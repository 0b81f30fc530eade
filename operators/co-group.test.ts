import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { event, type Event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import type { WindowAssigner } from '../lib/window.ts'
import { countWindow } from '../lib/windows/count-window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { hopping } from '../lib/windows/hopping.ts'
import { session } from '../lib/windows/session.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { assignTimestamps, coGroup, map, panes, values } from './index.ts'

/** Runs a diagram through groups that are written `left/right`, and expects it to come out as drawn. */
async function expectGroups(diagram: string, windows: WindowAssigner<string> = tumbling(10)): Promise<void> {
  const lateLeft = sideOutput<Event<string, string, undefined>>('late left')
  const lateRight = sideOutput<Event<string, string, undefined>>('late right')
  const { actual, expected } = await runMarbles<string>(diagram, ({ left, right }) => ({
    out: left.pipe(
      coGroup(right, windows, { lateLeft, lateRight }),
      map((groups) => `${groups.left.join('')}/${groups.right.join('')}`),
    ),
    lateLeft,
    lateRight,
  }))
  expect(actual).toBe(expected)
}

test('groups each side by key, in the order of arrival; one of them may be empty', async () => {
  await expectGroups(`
    left   b:p@9         a:q@4  a:r@3         ~10
    right         a:x@8                c:y@0       ~10
    out                                            b:[0,10)="p/"&a:[0,10)="qr/x"&c:[0,10)="/y"
    `)
})

test('of windows that overlap each have their own groups', async () => {
  await expectGroups(
    `
    left   a:p@7                 |
    right         a:x@12  a:y@3     |
    out                             a:[-5,5)="/y"&a:[0,10)="p/y"&a:[5,15)="p/x"&a:[10,20)="/x"
    `,
    hopping(10, 5),
  )
})

test('of sessions are in the order of arrival, whichever parts they came to', async () => {
  await expectGroups(
    `
    left   a:p@0         a:q@18         a:r@1                |
    right         a:x@1          a:y@9         a:z@40            |
    out                                                          a:[0,28)="pqr/xy"&a:[40,50)="/z"
    `,
    session(10),
  )
})

test('of all time leave at the end, with the time of the latest event', async () => {
  await expectGroups(
    `
    left   a:p@7  ~90         |
    right              a:x@9     |
    out                          a:[-inf,inf)="p/x"@9
    `,
    globalWindow(),
  )
})

test('leave once: what comes behind a complete window is late, on its side', async () => {
  await expectGroups(`
    left       a:p@9  ~10                  a:q@9            |
    right                  ~10                     b:x@0       |
    out                    a:[0,10)="p/"
    lateLeft                               L(a:q@9)
    lateRight                                      L(b:x@0)
    `)
})

test('are of their own: to change them changes nothing else', async () => {
  const elements = [event('p', 7, 'a'), event('q', 8, 'a')]
  const all = await collect(
    fromIterable(elements).pipe(
      coGroup(fromIterable([event('x', 7, 'a')]), hopping(10, 5)),
      map(({ left, right }) => [(left as string[]).splice(0).join(''), (right as string[]).splice(0).join('')]),
      panes(),
    ),
  )
  expect(all.map(({ window, value }) => [window.start, value])).toEqual([
    [0, ['pq', 'x']],
    [5, ['pq', 'x']],
  ])
})

test('stand in front of another window', async () => {
  const numbers = fromIterable([1, 2, 11]).pipe(assignTimestamps((n) => n, monotonous()))
  const twice = numbers.pipe(coGroup(numbers, tumbling(10)), coGroup(numbers, tumbling(10)), values())
  expect((await collect(twice)).map(({ left, right }) => [left.length, right.length])).toEqual([
    [1, 2],
    [1, 1],
  ])
})

test('a stream without keys is one group', async () => {
  const numbers = fromIterable([1, 2]).pipe(assignTimestamps((n) => n, monotonous()))
  expect(await collect(numbers.pipe(coGroup(numbers, tumbling(10)), values()))).toEqual([
    { left: [1, 2], right: [1, 2] },
  ])
})

test('is named in the metrics', async () => {
  const numbers = fromIterable([event(1, 1, 'a'), watermark(9)])
  const { operators } = await run(numbers.pipe(coGroup(numbers, tumbling(10), { id: 'both' })), () => {}).done
  expect(operators).toMatchObject([{ id: 'both', name: 'coGroup', in: 2, out: 1, contributed: 2, held: 0 }])
})

test('refuses windows that are no assigner', () => {
  expect(() => coGroup(from([]), countWindow(5) as unknown as WindowAssigner)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message:
        "coGroup: expected windows that depend on each event alone, such as tumbling('1h'), got 'countWindow(5)'",
    }),
  )
})

test('fails the job for a retraction that got past the types', async () => {
  const changes = from([event(1, 1, 'a', -1)]) as never
  expect(await failureOf(collect(fromIterable([event(1, 1, 'a')]).pipe(coGroup(changes, tumbling(5)))))).toMatchObject({
    code: 'unsupported',
    message:
      "coGroup: expected insertions only, got a retraction; a window that is joined gives its rows once (key 'a', event time 1)",
  })
})
