import { AssertionError } from 'node:assert/strict'
import { map as mapElements } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/aggregates/collect.ts'
import { count } from '../../lib/aggregates/count.ts'
import { fold } from '../../lib/aggregates/fold.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import type { AnyEvent, Diff, Element, Event, EventStream, Stream } from '../../lib/element.ts'
import type { Machine, OperatorContext } from '../../lib/wiring/machine.ts'
import { defineOperator } from '../../lib/wiring/operator.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import type { PaneInfo } from '../../lib/window.ts'
import { filter } from '../../operators/filter.ts'
import { keyBy } from '../../operators/key-by.ts'
import { map } from '../../operators/map.ts'
import { window } from '../../operators/window.ts'
import type { Arrival } from '../arrival.ts'
import { batchWindows } from '../batch-windows.ts'
import type { WindowResult } from '../final-result.ts'
import { steady } from '../pace.ts'
import { checkCase } from '../check-case.ts'
import type { Law } from '../law.ts'
import * as laws from './index.ts'

type Letters = Stream<string, undefined, undefined>
type Results = Stream<unknown, string, PaneInfo, Diff>
type Letter<K = undefined> = Event<string, K, undefined>

/** b is out of order, B is late. */
const events: readonly Arrival<string>[] = [
  { value: 'a', time: 1, delay: 0 },
  { value: 'c', time: 4, delay: 0 },
  { value: 'b', time: 3, delay: 2 },
  { value: 'a', time: 12, delay: 0 },
  { value: 'B', time: 2, delay: 12 },
]
const onTime = events.slice(0, 4)
/** The watermark is where the first window ends when B comes. */
const atExpiry: readonly Arrival<string>[] = [
  { value: 'a', time: 7, delay: 0 },
  { value: 'B', time: 2, delay: 12 },
]
const slow = { ...steady, chunks: [1], batchSize: 1 }
const lettersOf = (all: readonly Arrival<string>[]): number => all.length
const oracle = (all: readonly Arrival<string>[], size = 5): readonly WindowResult[] =>
  batchWindows(all, { size, keyOf, resultOf: lettersOf })

const counting = (letters: Letters): Results => letters.pipe(keyBy(keyOf), window(tumbling(5), count()))
const joining = fold({ create: () => '', add: (text, letter: string) => text + letter, merge: (a, b) => a + b })
let calls = 0

/** What holds for each law, what breaks it, and what the law says then. */
const cases: Readonly<
  Record<string, readonly [readonly [Law<string>, readonly Arrival<string>[]], (letters: Letters) => Results, RegExp]>
> = {
  orderInsensitive: [
    [laws.orderInsensitive(), onTime],
    (letters) =>
      letters.pipe(
        keyBy(() => 'all'),
        window(tumbling(5), joining),
      ),
    /expected the final result of the events in time order; at 0: expected .*"abc".*, got .*"acb"/,
  ],
  equalsBatch: [
    [laws.equalsBatch(oracle), onTime],
    (letters) => letters.pipe(keyBy(keyOf), window(tumbling(4), count())),
    /expected the final result of the batch; at 0: expected .*"end":5.*, got .*"end":4/,
  ],
  chunkInvariant: [
    [laws.chunkInvariant(), events],
    (letters) =>
      letters.pipe(
        map((letter) => `${letter}${calls++}`),
        keyBy(keyOf),
        window(tumbling(5), collect()),
      ),
    /expected what large chunks give; at 2: expected .*"a0".*, got .*"a5"/,
  ],
  'watermarkHolds: ahead': [
    [laws.watermarkHolds(), events],
    (letters) => counting(letters).pipe(mapElements(withTimes((element) => element.time + 1))),
    /expected a watermark <= -1, which went in, got 0/,
  ],
  'watermarkHolds: going back': [
    [laws.watermarkHolds(), events],
    (letters) => counting(letters).pipe(mapElements(withTimes((element) => Math.min(element.time, -1)))),
    /expected a watermark > -1, got -1/,
  ],
  'watermarkHolds: no end': [
    [laws.watermarkHolds(), []],
    (letters) => counting(letters).pipe(mapElements(withTimes(() => -7))),
    /expected the watermark Infinity at the end, got -7/,
  ],
  'watermarkHolds: panes before their time': [
    [laws.watermarkHolds(), events],
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({ onEvent: (each) => context.emit(asPane(each)) })),
      ),
    /expected the on-time pane of \[0, 5\) when the watermark is there, got it at -Infinity/,
  ],
  'watermarkHolds: panes behind the watermark': [
    [laws.watermarkHolds(), events],
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({
          onEvent: (each) => each.value === 'B' && context.emit(asPane(each)),
        })),
      ),
    /expected the on-time pane of \[0, 5\) before the watermark 10, got it after/,
  ],
  noPaneAfterExpiry: [
    [laws.noPaneAfterExpiry(), atExpiry],
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({ onEvent: (each) => each.value === 'B' && context.emit(asPane(each)) })),
      ),
    /expected nothing of \[0, 5\) after it expired at 5, got a pane at 5/,
  ],
  'atMostOneOnTimePane: an early one after it': [
    [laws.atMostOneOnTimePane(), events],
    (letters) => panesOf(letters, ['on-time', 'early']),
    /expected at most one on-time pane of \[0, 5\) of key string all, .* got early/,
  ],
  'atMostOneOnTimePane: two of them': [
    [laws.atMostOneOnTimePane(), events],
    (letters) => panesOf(letters, ['early', 'on-time', 'on-time']),
    /expected at most one on-time pane of \[0, 5\) of key string all, .* got on-time/,
  ],
  'atMostOneOnTimePane: one that is left out': [
    [laws.atMostOneOnTimePane(), events],
    (letters) => panesOf(letters, ['early', 'early'], 2),
    /expected pane 1 of \[0, 5\) of key string all, got pane 2/,
  ],
  stateBounded: [
    [laws.stateBounded<string>(({ events: seen }) => seen.length), events],
    (letters) =>
      letters.pipe(defining((context) => ({ onEvent: (each) => context.emit(each), entries: () => 1 }))) as never,
    /expected a state of at most 0 in front of event 1, got 1/,
  ],
  accountsForEveryEvent: [
    [laws.accountsForEveryEvent(), events],
    (letters) => counting(letters.pipe(defining(holding))),
    /broken: expected every event accounted for after turn 0, got .*"in":1,"out":0/,
  ],
  noStateLeft: [
    [laws.noStateLeft(), events],
    (letters) =>
      counting(letters.pipe(defining((context) => ({ onEvent: (each) => context.emit(each), entries: () => 3 })))),
    /broken: expected nothing at the end, got 3 entries and 0 events held/,
  ],
  keyIndependent: [
    [laws.keyIndependent(keyOf), events],
    (letters) => {
      let before = ''
      const isRepeated = (letter: string): boolean => letter === before || (before = letter) === ''
      return counting(letters.pipe(filter((letter) => !isRepeated(letter))))
    },
    /expected what the events of key a give alone; at 1: expected nothing more, got .*/,
  ],
  'retractionsBalance: another value': [
    [laws.retractionsBalance(), events],
    (letters) => revising(letters, (before) => [{ ...before, value: 'z', diff: -1 }]),
    /expected "a"@1 of key a and \[0, 5\) to be taken back, got "z"@1 of key a and/,
  ],
  'retractionsBalance: twice': [
    [laws.retractionsBalance(), events],
    (letters) =>
      revising(letters, (before) => [
        { ...before, diff: -1 },
        { ...before, diff: -1 },
      ]),
    /expected something that stands to be taken back, got "a"@1 of key a and \[0, 5\)/,
  ],
  'retractionsBalance: now and then': [
    [laws.retractionsBalance(), events],
    (letters) => revising(letters, (before, n) => (n === 1 ? [{ ...before, diff: -1 }] : [])),
    /expected "c"@4 of key a and \[0, 5\) to be taken back before "b"@3 of key a and/,
  ],
  watermarkInsensitive: [
    [laws.watermarkInsensitive(), onTime],
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({ onEvent: (each) => context.emit({ ...asPane(each), value: context.watermark }) })),
      ),
    /expected the final result without watermarks; at 0: expected .*NEGATIVE_INFINITY.*, got .*2/,
  ],
  timeShiftInvariant: [
    [laws.timeShiftInvariant('10ms'), events],
    (letters) => letters.pipe(keyBy(keyOf), window(tumbling(4), count())),
    /expected what the events give 10ms away, shifted alike; at 1: .*/,
  ],
}

describe.each(Object.entries(cases))('%s', (name, [[law, arrived], broken, message]) => {
  const options = { watermark: boundedOutOfOrderness(2), laws: [law] }
  const of = { events: arrived, pace: slow }

  test('passes a window that counts', async () => {
    await expect(checkCase(counting, options, of)).resolves.toBeUndefined()
  })

  test('fails what breaks it, and says where', async () => {
    const failure = await checkCase(broken, options, of).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AssertionError)
    expect(failure).toHaveProperty('message', expect.stringMatching(message))
    expect(failure).toHaveProperty('message', expect.stringContaining(name.split(':')[0] ?? ''))
  })
})

function keyOf(letter: string): string {
  return letter.toLowerCase().slice(0, 1)
}

function asPane({ value, time, key }: Letter<string>): Event<unknown, string, PaneInfo> {
  const window = { start: 0, end: 5 }
  const pane = { window, timing: 'on-time', index: 0, isFirst: true, isLast: true, nonSpeculativeIndex: 0 } as const
  return { kind: 'event', value, time, key, diff: 1, pane }
}

/** Gives the panes of one window, one for each letter, with those timings; numbered, but for the last. */
function panesOf(letters: Letters, timings: readonly PaneInfo['timing'][], last: number = timings.length - 1): Results {
  return letters.pipe(
    keyBy(() => 'all'),
    defining((context: OperatorContext<Event<unknown, string, PaneInfo>>) => {
      let index = 0
      return {
        onEvent(each) {
          const timing = timings[index]
          if (timing === undefined) return
          const pane = asPane(each)
          const number = index === timings.length - 1 ? last : index
          context.emit({ ...pane, pane: { ...pane.pane, timing, index: number } })
          index += 1
        },
        contributed: () => context.counters.in,
      }
    }),
  )
}

type Revised = Event<unknown, string, PaneInfo, Diff>

/** Gives each letter as the pane of one window, after what is to become of the one before. */
function revising(letters: Letters, revise: (before: Revised, n: number) => readonly Revised[]): Results {
  return letters.pipe(
    keyBy(() => 'a'),
    defining((context: OperatorContext<Revised>) => {
      let before: Revised | undefined
      let n = 0
      return {
        onEvent(each) {
          if (before !== undefined) for (const revision of revise(before, ++n)) context.emit(revision)
          before = asPane(each)
          context.emit(before)
        },
        contributed: () => context.counters.in,
      }
    }),
  )
}

/** Keeps what comes until the end without a word, and then emits it. */
function holding(context: OperatorContext<Letter>): Machine<Letter> {
  const held: Letter[] = []
  return {
    onEvent: (each) => void held.push(each),
    onWatermark(time) {
      if (time === Infinity) for (const each of held) context.emit(each)
      return true
    },
  }
}

function withTimes(
  timeOf: (watermark: { time: number }) => number,
): <E extends Element<unknown, string, PaneInfo, Diff>>(element: E) => E {
  return (element) => (element.kind === 'watermark' ? { ...element, time: timeOf(element) } : element)
}

function defining<K, O extends AnyEvent>(
  create: (context: OperatorContext<O>) => Machine<Letter<K>>,
): (source: EventStream<Letter<K>>) => EventStream<O> {
  return (source) => defineOperator([source], { name: 'broken', create })
}

test('retractionsBalance passes what takes back each pane before the next', async () => {
  const pipeline = (letters: Letters): Results => revising(letters, (before) => [{ ...before, diff: -1 }])
  const options = { watermark: boundedOutOfOrderness(2), laws: [laws.retractionsBalance()] }
  await expect(checkCase(pipeline, options, { events })).resolves.toBeUndefined()
})

test('an event at the watermark is within the bound, and one behind it is not', async () => {
  const arrived: readonly Arrival<string>[] = [
    { value: 'a', time: 7, delay: 0 },
    { value: 'b', time: 5, delay: 2 },
    { value: 'c', time: 4, delay: 3 },
  ]
  const within: string[] = []
  const looking: Law<string> = {
    name: 'looking',
    why: '',
    needs: '',
    async check(tried) {
      within.push(...tried.withinBound.map(({ value }) => value))
    },
  }
  await checkCase(counting, { watermark: boundedOutOfOrderness(2), laws: [looking] }, { events: arrived })
  expect(within).toEqual(['a', 'b'])
})
