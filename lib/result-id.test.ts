import type { Observable } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, type Change, changes, keyBy, window } from '../operators/index.ts'
import { count } from './aggregates/count.ts'
import { type AnyEvent, event } from './element.ts'
import { type Identified, type IdentifiedPane, resultId } from './result-id.ts'
import { run } from './run.ts'
import { afterCount } from './triggers/after-count.ts'
import { afterWatermark } from './triggers/after-watermark.ts'
import { monotonous } from './watermarks/monotonous.ts'
import type { PaneInfo } from './window.ts'
import { globalWindow } from './windows/global-window.ts'
import { session } from './windows/session.ts'
import { tumbling } from './windows/tumbling.ts'

function pane(start: number, end: number, index = 0): PaneInfo {
  return { window: { start, end }, timing: 'on-time', index, isFirst: true, isLast: true, nonSpeculativeIndex: index }
}

test.each<readonly [Identified | IdentifiedPane, string]>([
  [{ key: 'de', pane: undefined }, '["hits","de"]'],
  [{ key: 'de', pane: pane(-5, 10, 3) }, '["hits","de",-5,10]'],
  [{ key: undefined, pane: pane(0, 10) }, '["hits",{},0,10]'],
  [event(1, 2, 'de', 1, pane(0, 10)), '["hits","de",0,10]'],
  [{ key: 'de', ...pane(0, 10) }, '["hits","de",0,10]'],
])('an id is a text that can be read: %j', (result, id) => {
  expect(resultId('hits', result)).toBe(id)
})

test('a pane has its number in it, where each is a result of its own', () => {
  expect(resultId('hits', { key: 'de', pane: pane(0, 10, 3) }, 'pane')).toBe('["hits","de",0,10,3]')
  expect(resultId('hits', { key: 'de', ...pane(0, 10, 3) }, 'pane')).toBe('["hits","de",0,10,3]')
})

test('what is different has another id', () => {
  const keys = [
    '',
    'a',
    '1',
    1,
    1n,
    '1n',
    0,
    true,
    'true',
    null,
    'null',
    undefined,
    '{}',
    Number.NaN,
    'NaN',
    Infinity,
    -Infinity,
    '",0,10',
  ]
  const panes = [undefined, pane(0, 10), pane(0, 20), pane(10, 20), pane(-Infinity, 10), pane(-Infinity, Infinity)]
  const ids = ['a', 'b', ''].flatMap((of) =>
    keys.flatMap((key) => panes.map((each) => resultId(of, { key, pane: each }))),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('keys that are one to a map have one id', () => {
  expect(resultId('hits', { key: -0, pane: undefined })).toBe(resultId('hits', { key: 0, pane: undefined }))
})

test.each([[[]], [{}], [new Date(0)], [Symbol('s')], [() => {}]])(
  'a key that is no primitive value is refused',
  (key) => {
    expect(() => resultId('hits', { key, pane: undefined })).toThrow(
      expect.objectContaining({
        code: 'invalid-key',
        message: expect.stringMatching(/^resultId: expected a key .*, got /) as string,
      }),
    )
  },
)

test('a pane is expected where it is to be told apart', () => {
  const result: AnyEvent = event(1, 2, 'de')
  expect(() => resultId('hits', result as Identified<PaneInfo>, 'pane')).toThrow(
    expect.objectContaining({ code: 'invalid-argument', key: 'de' }),
  )
})

describe('a table by ids has what the changes come to', () => {
  const times = [1, 2, 12, 30, 31, 8, 50, 35, 3, 90, 20]
  const keyed = fromIterable(times).pipe(
    assignTimestamps((time) => time, monotonous()),
    keyBy((time) => (time % 2 === 0 ? 'even' : 'odd')),
  )
  const early = {
    trigger: afterWatermark({ early: afterCount(1), late: afterCount(1) }),
    allowedLateness: 1_000,
  } as const

  test.each<readonly [string, Observable<Change<number, string, PaneInfo | undefined>>]>([
    [
      'sessions that retract',
      keyed.pipe(window(session(15), count(), { ...early, accumulation: 'retracting' }), changes()),
    ],
    ['windows that accumulate', keyed.pipe(window(tumbling(20), count(), early), changes())],
    ['one window of all time', keyed.pipe(window(globalWindow(), count(), early), changes())],
    ['an aggregate', keyed.pipe(aggregate(count(), { keep: 'forever' }), changes())],
  ])('%s, also where some of them come twice', async (_, results) => {
    const log: Change<number, string, PaneInfo | undefined>[] = []
    await run(results, (change) => void log.push(change)).done
    const once = tableOf(log)
    expect(once.size).toBeGreaterThan(1)
    expect([...once.values()].reduce((a, b) => a + b)).toBe(times.length)
    for (let from = 0; from < log.length; from++) {
      for (let to = from; to < log.length; to++)
        expect(tableOf([...log.slice(0, to), ...log.slice(from)])).toEqual(once)
    }
  })
})

/** Rows by ids, when changes have been made one after the other. */
function tableOf(log: readonly Change<number, string, PaneInfo | undefined>[]): ReadonlyMap<string, number> {
  const table = new Map<string, number>()
  for (const change of log) {
    if (change.op === '+') table.set(resultId('counts', change), change.value)
    else table.delete(resultId('counts', change))
  }
  return table
}
