// A job that comes back long after its deadlines of processing time: they are met at once, without an event, in the order in which they
// were due, and each one once.
import { map, type Observable, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { panes, process, values, window } from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event } from '../element.ts'
import { turns } from '../fixtures/turns.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { run, type RunningJob } from '../run.ts'
import type { Trigger } from '../trigger.ts'
import { afterCount, afterProcessingTime, afterWatermark, everyProcessingTime, repeatedly } from '../triggers/index.ts'
import type { WindowAssigner } from '../window.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { tumbling } from '../windows/tumbling.ts'
import { DurableSink, Fate, MemoryStore, nothingDurable } from './fixtures/crashing.ts'

type Input = Subject<Element<number, string, undefined>>
type Pipeline = (input: Input) => Observable<unknown>

/** Sets a timer for each key, so long after its last event as its value says. */
const timers: Pipeline = (input) =>
  input.pipe(
    process(
      {
        onEvent: ({ value }, { now, setProcessingTimer }) => setProcessingTimer(now + value),
        onTimer: (_, { key }, emit: Emit<string>) => emit(key),
      },
      { keep: 1_000 },
    ),
    values(),
  )

function windows(assigner: WindowAssigner<number>, trigger: Trigger): Pipeline {
  return (input) =>
    input.pipe(
      window(assigner, count(), { trigger }),
      panes(),
      map(({ key, value, window: { start } }) => `${key}@${start}=${value}`),
    )
}

/** Goes on with a job at a time of the clock. */
function resumed(
  pipeline: Pipeline,
  now: number,
  durable: ReturnType<typeof nothingDurable>,
  written: unknown[],
): { readonly input: Input; readonly clock: VirtualClock; readonly job: RunningJob } {
  const input: Input = new Subject()
  const clock = new VirtualClock(now)
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const job = run(pipeline(input), new DurableSink(written, new Fate()), { clock, checkpoint })
  return { input, clock, job }
}

test.each<readonly [string, Pipeline, readonly string[]]>([
  ['timers of process', timers, ['b', 'c', 'a']],
  ['a delay for each pane', windows(tumbling(10), repeatedly(afterProcessingTime(50))), ['a@0=1', 'b@0=2', 'c@0=1']],
  [
    'a delay for each pane of a session',
    windows(session(10), repeatedly(afterProcessingTime(50))),
    ['a@1=1', 'b@2=2', 'c@4=1'],
  ],
  ['an interval', windows(tumbling(10), everyProcessingTime(50)), ['a@0=1', 'b@0=2', 'c@0=1']],
  [
    'an interval until the windows are complete',
    windows(hopping(10, 5), afterWatermark({ early: everyProcessingTime(50), late: afterCount(1) })),
    ['a@-5=1', 'a@0=1', 'b@-5=2', 'b@0=2', 'c@-5=1', 'c@0=1'],
  ],
])('%s', async (_, pipeline, expected) => {
  const durable = nothingDurable()
  const written: unknown[] = []
  const first = resumed(pipeline, 0, durable, written)
  await turns()
  for (const [key, time, value] of [
    ['a', 1, 30],
    ['b', 2, 10],
    ['b', 3, 10],
    ['c', 4, 20],
  ] as const) {
    first.input.next(event(value, time, key))
  }
  await turns()
  first.clock.advanceTo(9)
  await first.job.stop()
  expect(written).toEqual([])

  const second = resumed(pipeline, 100_000, durable, written)
  await turns()
  expect(written).toEqual(expected)
  second.clock.advanceTo(200_000)
  await turns()
  await second.job.stop()
  expect(written).toEqual(expected)
  expect(second.job.metrics().balanced).toBe(true)

  const third = resumed(pipeline, 300_000, durable, written)
  await turns()
  await third.job.stop()
  expect(written).toEqual(expected)
})
