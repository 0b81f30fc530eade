// What windows.md says of what windows hold, and until when.
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import {
  calendar,
  count,
  countWindow,
  cumulative,
  event,
  type Event,
  globalWindow,
  hopping,
  type JobMetrics,
  type OperatorMetrics,
  realClock,
  run,
  session,
  sliding,
  tumbling,
  type Watermark,
  watermark,
  type Windows,
} from '../index.ts'
import { window } from '../operators/index.ts'
import { tablesOf } from './fixtures/tables.ts'

const minute = 60_000
const allowedLateness = 5 * minute

/** Kinds of windows by their line in the table: what each has of one key after two events, and the end that is the last to come. */
const lines: Readonly<Record<string, readonly (readonly [Windows, number, number])[]>> = {
  'of time, sessions, your own': [
    [tumbling('1h'), 1, 60 * minute],
    [tumbling('10m'), 2, 20 * minute],
    [calendar('day', 'UTC'), 1, 24 * 60 * minute],
    [session('15m'), 1, 25 * minute],
    [session('5m'), 2, 15 * minute],
    [{ name: 'all day', assign: () => [{ start: 0, end: 24 * 60 * minute }] }, 1, 24 * 60 * minute],
  ],
  'hopping, cumulative': [
    [hopping('20m', '10m'), 2, 30 * minute],
    [cumulative('30m', '10m'), 2, 30 * minute],
  ],
  sliding: [[sliding('10m'), 5, 20 * minute + 1]],
  '`countWindow`, `globalWindow`': [
    [countWindow(100), 1, Infinity],
    [globalWindow(), 1, Infinity],
  ],
}

/** What windows hold of events at 0 and at 10 minutes, when the watermark has come to each of these times, and at the end. */
async function held(windows: Windows, at: readonly number[]): Promise<readonly (OperatorMetrics | undefined)[]> {
  const hits = new Subject<Event<string> | Watermark>()
  const isOfTime = !('kind' in windows && windows.kind === 'count')
  const job = run(hits.pipe(window(windows, count(), isOfTime ? { allowedLateness } : {})), () => {})
  const metricsOf = ({ operators }: JobMetrics): OperatorMetrics | undefined =>
    operators.find(({ name }) => name === 'window')
  hits.next(event('a', 0))
  hits.next(event('b', 10 * minute))
  const metrics: (OperatorMetrics | undefined)[] = []
  for (const time of at) {
    hits.next(watermark(time))
    // Many results may take more than one turn.
    await realClock.turn()
    metrics.push(metricsOf(job.metrics()))
  }
  hits.complete()
  return [...metrics, metricsOf(await job.done)]
}

test('there is a line for each kind', () => {
  expect(tablesOf('docs/windows.md')[1]?.map(({ windows }) => windows)).toEqual(Object.keys(lines))
})

test.each(Object.values(lines).flat())('%o has %d, until %d and the lateness', async (windows, entries, end) => {
  const free = { entries: 0, held: 0 }
  if (end === Infinity) {
    expect(await held(windows, [0, 8.64e15])).toMatchObject([{ entries }, { entries, held: 2 }, free])
    return
  }
  const [first, before, after] = await held(windows, [0, end + allowedLateness - 1, end + allowedLateness])
  expect([first, after]).toMatchObject([{ entries }, free])
  expect(before?.held).toBeGreaterThan(0)
})
