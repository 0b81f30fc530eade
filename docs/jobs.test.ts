// What the tables of jobs.md say: what is promised of each source and sink, and what is refused.
import type { Observable } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/index.ts'
import { defineSource, event, type RunOptions, run, type Sink, sum, watermark } from '../index.ts'
import { Crash, DurableSink, Fate, MemoryStore, nothingDurable } from '../lib/checkpoint/fixtures/crashing.ts'
import { TickingClock } from '../lib/checkpoint/fixtures/ticking-clock.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import { aggregate } from '../operators/index.ts'
import { tablesOf } from './fixtures/tables.ts'

const [, promises = [], , refused = []] = tablesOf('docs/jobs.md')
const letters = 'abcdefghij'.split('')

/** Gives each letter once, whoever asks, like a pipe. */
function pipe(): Observable<string> {
  const left = letters.values()
  return defineSource<string>({
    name: 'pipe',
    open: () => ({
      read() {
        const { value } = left.next()
        return value === undefined ? undefined : { values: [value] }
      },
      close() {},
    }),
  })
}

const sources: Readonly<Record<string, () => Observable<string>>> = {
  fromIterable: () => fromIterable(letters, { chunkSize: 3 }),
  stdin: pipe,
}

const sinks: Readonly<Record<string, (written: string[], fate: Fate) => Sink<string>>> = {
  recover: (written, fate) => new DurableSink(written, fate),
  // Each letter is its own id.
  resultId: (written, fate) => ({
    name: 'table',
    write(values) {
      fate.step()
      written.push(...values.filter((letter) => !written.includes(letter)))
    },
  }),
  function: (written, fate) => ({
    name: 'function',
    write(values) {
      fate.step()
      written.push(...values)
    },
  }),
}

/** How often each letter is written when a job dies at any step and is started again: at least, and at most. */
async function timesWritten(source: string, sink: string): Promise<readonly [number, number]> {
  const counts = new Set<number>()
  for (let step = 0, hasDied = true; hasDied; step++) {
    const [durable, written, observable] = [nothingDurable(), new Array<string>(), sources[source]?.()]
    const attempt = async (fate: Fate): Promise<void> => {
      const checkpoint = { dir: 'memory', every: 3, store: () => new MemoryStore(durable, fate) }
      const to = sinks[sink]?.(written, fate)
      if (observable === undefined || to === undefined) throw new Error('expected a source and a sink of the table')
      await run(observable, to, { clock: new TickingClock(), batchSize: 1, checkpoint }).done
    }
    const error = await attempt(new Fate(step)).catch((error: unknown) => error)
    hasDied = error !== undefined
    const cause = error instanceof Error ? (error.cause ?? error) : error
    if (hasDied && !(cause instanceof Crash)) throw error
    if (hasDied) await attempt(new Fate())
    for (const letter of letters) counts.add(written.filter((other) => other === letter).length)
  }
  return [Math.min(...counts), Math.max(...counts)]
}

test.each(Object.keys(sources).flatMap((source) => Object.keys(sinks).map((sink) => [source, sink] as const)))(
  '%s to a sink with %s gives what is promised',
  async (source, sink) => {
    const row = promises.find(({ from }) => from?.includes(source)) ?? {}
    const promise = Object.entries(row).find(([heading]) =>
      ['a ', 'with `', 'by [`'].some((before) => heading.includes(before + sink)),
    )
    const [least, most] = await timesWritten(source, sink)
    const once = sink === 'resultId' ? 'effectively once' : 'exactly once'
    const found = least === 0 ? 'not replayable' : most === 1 ? once : 'at least once'
    expect(found).toBe(promise?.[1])
  },
)

describe('what is refused', () => {
  const durable = nothingDurable()
  const options: RunOptions = { checkpoint: { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) } }
  const elements = fromIterable([event(1, 1, 'k'), event(2, 2, 'k'), watermark(2)], { chunkSize: 1 })

  test('is in the table', () => {
    expect(refused.map(({ what }) => what)).toEqual([
      'a folder in use',
      'a folder of a process elsewhere',
      'checkpoints of `through`, `asDuplex`, `toReadable`, `toAsyncIterable`',
      "an operator that can't be saved",
      'a pipeline that lacks an operator of the checkpoint',
      'a pipeline that lacks a sink of the checkpoint',
      "state of a later version than the program's, or of an earlier one that nothing migrates",
      'a savepoint that is damaged or cut off',
      'a savepoint for a folder with checkpoints that did not begin with it',
      'a value in state that is no plain data, such as an instance of a class',
    ])
  })

  test("an operator that can't be saved is named", async () => {
    const unsaved = defineOperator([elements], {
      name: 'forgetful',
      create: (context) => ({
        onEvent: (event) => context.emit(event),
        held: () => 0,
      }),
    })
    expect(await failureOf(run(unsaved, () => {}, options).done)).toMatchObject({
      code: 'checkpoint',
      operator: 'forgetful',
    })
  })

  test('a pipeline that lacks an operator: it is named', async () => {
    const sums = elements.pipe(aggregate(sum(), { keep: 5, id: 'totals' }))
    const job = run(sums, () => void job.stop(), { ...options, batchSize: 1 })
    await job.done
    expect(await failureOf(run(elements, () => {}, options).done)).toMatchObject(missing('totals'))
  })

  test('a pipeline that lacks a sink: it is named', async () => {
    const known = nothingDurable()
    const inKnown = { checkpoint: { dir: 'memory', store: () => new MemoryStore(known, new Fate()) } }
    await run(elements, new DurableSink([], new Fate()), inKnown).done
    expect(await failureOf(run(elements, () => {}, inKnown).done)).toMatchObject(missing('durable'))
  })

  const missing = (id: string): object => ({
    code: 'checkpoint',
    message: `run: expected a pipeline with all that is in the checkpoint, got one without '${id}'; name what may go in checkpoint.drop`,
  })
})
