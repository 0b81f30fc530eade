import { AssertionError } from 'node:assert/strict'
import { map as mapElements } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/aggregates/collect.ts'
import { count } from '../../lib/aggregates/count.ts'
import { fold } from '../../lib/aggregates/fold.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import type { Element, Event, Stream } from '../../lib/element.ts'
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
import { steady } from '../pace.ts'
import type { Experiment } from '../trial.ts'
import * as laws from './index.ts'

type Letters = Stream<string, undefined, undefined>
type Results = Stream<unknown, string, PaneInfo>
type AnyEvent = Event<string, string, undefined>

/** b is out of order, B is late. */
const events: readonly Arrival<string>[] = [
  { value: 'a', time: 1, delay: 0 },
  { value: 'c', time: 4, delay: 0 },
  { value: 'b', time: 3, delay: 2 },
  { value: 'a', time: 12, delay: 0 },
  { value: 'B', time: 2, delay: 12 },
]
const onTime = events.slice(0, 4)
const slow = { ...steady, chunks: [1], batchSize: 1 }
const lettersOf = (all: readonly Arrival<string>[]): number => all.length
const oracle = (all: readonly Arrival<string>[], size = 5): ReturnType<typeof batchWindows<string, unknown, string>> =>
  batchWindows(all, { size, keyOf, resultOf: lettersOf })

const counting = (letters: Letters): Results => letters.pipe(keyBy(keyOf), window(tumbling(5), count()))
const joining = fold({ create: () => '', add: (text, letter: string) => text + letter, merge: (a, b) => a + b })
let calls = 0

/** What holds for each law, what breaks it, and what the law says then. */
const cases: Readonly<
  Record<
    string,
    readonly [(experiment: Experiment<string, unknown, string>) => Promise<void>, (letters: Letters) => Results, RegExp]
  >
> = {
  orderInsensitive: [
    (experiment) => laws.orderInsensitive(experiment, onTime),
    (letters) =>
      letters.pipe(
        keyBy(() => 'all'),
        window(tumbling(5), joining),
      ),
    /expected the final result of the events in time order; at 0: expected .*"abc".*, got .*"acb"/,
  ],
  equalsBatch: [
    (experiment) => laws.equalsBatch(experiment, onTime, oracle),
    (letters) => letters.pipe(keyBy(keyOf), window(tumbling(4), count())),
    /expected the final result of the batch; at 0: expected .*"end":5.*, got .*"end":4/,
  ],
  paceInvariant: [
    (experiment) => laws.paceInvariant(experiment, events, slow),
    (letters) =>
      letters.pipe(
        map((letter) => `${letter}${calls++}`),
        keyBy(keyOf),
        window(tumbling(5), collect()),
      ),
    /expected what a steady pace gives; at 2: expected .*"a0".*, got .*"a5"/,
  ],
  'watermarkHolds: ahead': [
    (experiment) => laws.watermarkHolds(experiment, events),
    (letters) => counting(letters).pipe(mapElements(withTimes((element) => element.time + 1))),
    /expected a watermark <= -1, which went in, got 0/,
  ],
  'watermarkHolds: going back': [
    (experiment) => laws.watermarkHolds(experiment, events),
    (letters) => counting(letters).pipe(mapElements(withTimes((element) => Math.min(element.time, -1)))),
    /expected a watermark > -1, got -1/,
  ],
  'watermarkHolds: no end': [
    (experiment) => laws.watermarkHolds(experiment, []),
    (letters) => counting(letters).pipe(mapElements(withTimes(() => -7))),
    /expected the watermark Infinity at the end, got -7/,
  ],
  'watermarkHolds: panes before their time': [
    (experiment) => laws.watermarkHolds(experiment, events),
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({ onEvent: (each) => context.emit(asPane(each)) })),
      ),
    /expected the on-time pane of \[0, 5\) when the watermark is there, got it at -Infinity/,
  ],
  'watermarkHolds: panes behind the watermark': [
    (experiment) => laws.watermarkHolds(experiment, events),
    (letters) =>
      letters.pipe(
        keyBy(keyOf),
        defining((context) => ({
          onEvent: (each) => each.value === 'B' && context.emit(asPane(each)),
        })),
      ),
    /expected the on-time pane of \[0, 5\) before the watermark 10, got it after/,
  ],
  accountsForEveryEvent: [
    (experiment) => laws.accountsForEveryEvent(experiment, events, slow),
    (letters) => counting(letters.pipe(defining(holding))),
    /broken: expected every event accounted for after turn 0, got .*"in":1,"out":0/,
  ],
  leavesNoState: [
    (experiment) => laws.leavesNoState(experiment, events),
    (letters) =>
      counting(letters.pipe(defining((context) => ({ onEvent: (each) => context.emit(each), entries: () => 3 })))),
    /broken: expected nothing at the end, got 3 entries and 0 events held/,
  ],
  keyIndependent: [
    (experiment) => laws.keyIndependent(experiment, events, keyOf),
    (letters) => {
      let before = ''
      const isRepeated = (letter: string): boolean => letter === before || (before = letter) === ''
      return counting(letters.pipe(filter((letter) => !isRepeated(letter))))
    },
    /expected what the events of key a give alone; at 1: expected nothing more, got .*/,
  ],
  shiftInvariant: [
    (experiment) => laws.shiftInvariant(experiment, events, '10ms'),
    (letters) => letters.pipe(keyBy(keyOf), window(tumbling(4), count())),
    /expected what the events give 10 ms earlier, shifted alike; at 1: .*/,
  ],
}

describe.each(Object.entries(cases))('%s', (name, [law, broken, message]) => {
  const watermark = boundedOutOfOrderness(2)

  test('passes a window that counts', async () => {
    await expect(law({ pipeline: counting, watermark })).resolves.toBeUndefined()
  })

  test('fails what breaks it, and says where', async () => {
    const failure = await law({ pipeline: broken, watermark }).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(AssertionError)
    expect(failure).toHaveProperty('message', expect.stringMatching(message))
    expect(failure).toHaveProperty('message', expect.stringContaining(name.split(':')[0] ?? ''))
  })
})

function keyOf(letter: string): string {
  return letter.toLowerCase().slice(0, 1)
}

function asPane({ value, time, key }: AnyEvent): Event<unknown, string, PaneInfo> {
  const window = { start: 0, end: 5 }
  const pane = { window, timing: 'on-time', index: 0, isFirst: true, isLast: true, nonSpeculativeIndex: 0 } as const
  return { kind: 'event', value, time, key, diff: 1, pane }
}

/** Keeps what comes until the end without a word, and then emits it. */
function holding(context: OperatorContext<string, undefined, undefined>): Machine<Event<string, undefined, undefined>> {
  const held: Event<string, undefined, undefined>[] = []
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
): <E extends Element<unknown, string, PaneInfo>>(element: E) => E {
  return (element) => (element.kind === 'watermark' ? { ...element, time: timeOf(element) } : element)
}

function defining<K, TO, KO, PO>(
  create: (context: OperatorContext<TO, KO, PO>) => Machine<Event<string, K, undefined>>,
): (source: Stream<string, K, undefined>) => Stream<TO, KO, PO> {
  return (source) => defineOperator([source], { name: 'broken', create })
}
