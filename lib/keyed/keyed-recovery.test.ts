import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { process, values } from '../../operators/index.ts'
import { DurableSink, Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { VirtualClock } from '../clock.ts'
import { type Element, event, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { turns } from '../fixtures/turns.ts'
import { run, type RunningJob } from '../run.ts'
import type { Emit, ProcessContext } from './process-definition.ts'
import { valueState } from './value-state.ts'

type Numbers = Element<number, string, undefined>

const state = { latest: valueState<unknown>() }

/** Starts a job, or goes on with it, whose events do what a test says. */
function started(
  onEvent: (n: number, context: ProcessContext<typeof state, string>) => void,
  clock: VirtualClock = new VirtualClock(),
  durable: ReturnType<typeof nothingDurable> = nothingDurable(),
): { readonly input: Subject<Numbers>; readonly written: unknown[]; readonly job: RunningJob } {
  const input = new Subject<Numbers>()
  const written: unknown[] = []
  const pipeline = input.pipe(
    process(
      {
        state,
        onEvent: ({ value }, context) => onEvent(value, context),
        onTimer({ name, time, domain }, { key, watermark: reached }, emit: Emit<string>) {
          emit(`${key} ${name}@${time} ${domain} ${reached}`)
        },
      },
      { keep: 100 },
    ),
    values(),
  )
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  return { input, written, job: run(pipeline, new DurableSink(written, new Fate()), { clock, checkpoint }) }
}

test('timers of processing time fire when they are due, those of one time in the order in which they were set', async () => {
  const durable = nothingDurable()
  const first = started((n, { setProcessingTimer }) => setProcessingTimer(n, 'clock'), new VirtualClock(), durable)
  await turns()
  for (const [key, time] of [
    ['c', 50],
    ['a', 50],
    ['d', 60],
    ['b', 40],
    ['d', 50],
  ] as const) {
    first.input.next(event(time, 7, key))
  }
  first.input.next(watermark(9))
  await turns()
  await first.job.stop()
  expect(first.written).toEqual([])

  const clock = new VirtualClock()
  clock.advanceTo(45)
  const { input, written, job } = started((n, { setProcessingTimer }) => setProcessingTimer(n, 'new'), clock, durable)
  await turns()
  expect(written).toEqual(['b clock@40 processing 9'])
  input.next(event(50, 9, 'a'))
  await turns()
  clock.advanceTo(50)
  await turns()
  expect(written.slice(1)).toEqual([
    'c clock@50 processing 9',
    'a clock@50 processing 9',
    'd clock@50 processing 9',
    'a new@50 processing 9',
  ])
  await job.stop()
  expect(job.metrics().balanced).toBe(true)
})

test('a state that is no plain data is an error that names the operator and the key', async () => {
  const { input, job } = started((_, { state: { latest } }) => latest.set(() => 1))
  await turns()
  input.next(event(1, 7, 'k'))
  await turns()
  expect(await failureOf(job.stop())).toMatchObject({
    code: 'checkpoint',
    operator: 'process',
    key: 'k',
    message: "process: state of 'k': encode: expected plain data, got a function",
  })
})
