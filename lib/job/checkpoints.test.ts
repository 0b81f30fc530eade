import { repeat, share, Subject, take, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { aggregate, assignTimestamps, type Change, changes, keyBy, map, merge, values } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { CheckpointOptions } from '../checkpoint/checkpoint-options.ts'
import { type Durable, DurableSink, Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { TickingClock } from '../checkpoint/fixtures/ticking-clock.ts'
import { type Event, type EventStream, watermark } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { turns } from '../fixtures/turns.ts'
import { route, type Route, run, type RunningJob } from '../run.ts'
import type { Observable } from '../rx.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { defineOperator } from '../wiring/operator.ts'

const size = 1_000
const numbers = fromIterable(
  Array.from({ length: size }, (_, n) => n),
  { chunkSize: 4 },
)

function totals(source: Observable<number> = numbers, id = 'totals'): Observable<Change<number, number>> {
  return source.pipe(
    assignTimestamps((n) => n, monotonous()),
    keyBy((n) => n % 2),
    aggregate(sum(), { keep: 'forever', id }),
    changes(),
  )
}

function checkpointIn(durable: Durable): CheckpointOptions {
  return { dir: 'memory', every: 1, store: () => new MemoryStore(durable, new Fate()) }
}

/** Runs into a sink for some turns of the event loop, and stops. */
async function runFor(
  count: number,
  pipeline: Observable<unknown>,
  durable: Durable,
  written: unknown[],
): Promise<void> {
  const sink = new DurableSink(written, new Fate())
  const job = run(pipeline, sink, { batchSize: 8, checkpoint: checkpointIn(durable) })
  await turns(count)
  await job.stop()
}

async function whole(pipeline: Observable<unknown>): Promise<readonly unknown[]> {
  const written: unknown[] = []
  await run(pipeline, (value) => void written.push(value)).done
  return written
}

describe('a job with checkpoints', () => {
  test('goes on where it was stopped, with its state, also several times', async () => {
    const durable = nothingDurable()
    const written: unknown[] = []
    await runFor(20, totals(), durable, written)
    const first = written.length
    expect(first).toBeGreaterThan(8)
    await runFor(20, totals(), durable, written)
    expect(written.length).toBeGreaterThan(first)
    expect(written.length).toBeLessThan(2 * size - 2)
    await run(totals(), new DurableSink(written, new Fate()), { checkpoint: checkpointIn(durable) }).done
    expect(written).toEqual(await whole(totals()))
  })

  test('that has ended gives nothing when it is run again', async () => {
    const durable = nothingDurable()
    const written: unknown[] = []
    for (let i = 0; i < 2; i++) {
      await run(totals(), new DurableSink(written, new Fate()), { checkpoint: checkpointIn(durable) }).done
    }
    expect(written).toEqual(await whole(totals()))
  })

  test('that has ended reads nothing when it is run again, also where it had not come to the end of its sources', async () => {
    const durable = nothingDurable()
    const written: unknown[] = []
    const seen: number[] = []
    const pipeline = numbers.pipe(
      tap((n) => void seen.push(n)),
      take(3),
    )
    for (let i = 0; i < 2; i++) {
      await run(pipeline, new DurableSink(written, new Fate()), { checkpoint: checkpointIn(durable) }).done
    }
    expect(written).toEqual([0, 1, 2])
    expect(seen).toEqual([0, 1, 2])
  })

  test('tells one output nothing more when that has ended, while another one goes on', async () => {
    const timed = (source: Observable<number>): EventStream<Event<number, number>> =>
      source.pipe(
        assignTimestamps((n) => n, monotonous()),
        keyBy((n) => n % 2),
      )
    // Both have an operator of the same name: that of the second one is found again.
    const short = timed(fromIterable([1, 2])).pipe(aggregate(sum(), { keep: 'forever' }))
    const long = timed(numbers).pipe(aggregate(sum(), { keep: 'forever' }))
    const [first, second]: [unknown[], unknown[]] = [[], []]
    const routes = (): Route[] => [
      route(short, new DurableSink(first, new Fate())),
      route(long, new DurableSink(second, new Fate())),
    ]
    const durable = nothingDurable()
    const job = run(routes(), { batchSize: 8, checkpoint: checkpointIn(durable) })
    await turns(20)
    await job.stop()
    expect(first.at(-1)).toEqual(watermark(Infinity))
    expect(second.length).toBeLessThan(size)
    await run(routes(), { checkpoint: checkpointIn(durable) }).done
    expect([first, second]).toEqual([await whole(short), await whole(long)])
  })

  test('takes nothing more for an output that has ended, also of a source that others go on with', async () => {
    const seen: number[] = []
    const outputs: readonly [number[], number[]] = [[], []]
    const routes = (): Route[] => {
      const shared = numbers.pipe(share())
      const few = shared.pipe(
        tap((n) => void seen.push(n)),
        take(3),
      )
      return [few, shared].map((values, i) => route(values, new DurableSink<number>(outputs[i] ?? [], new Fate())))
    }
    const durable = nothingDurable()
    const job = run(routes(), { batchSize: 8, checkpoint: checkpointIn(durable) })
    await turns(20)
    await job.stop()
    expect(outputs[1].length).toBeLessThan(size)
    await run(routes(), { checkpoint: checkpointIn(durable) }).done
    expect(seen).toEqual([0, 1, 2])
    expect(outputs).toEqual([seen, Array.from({ length: size }, (_, n) => n)])
  })

  test('knows sources of one name apart', async () => {
    const both = (): Observable<number> => {
      const timed = numbers.pipe(assignTimestamps((n) => n, monotonous()))
      const later = numbers.pipe(assignTimestamps((n) => n + 300, monotonous()))
      return merge(timed, later).pipe(values())
    }
    const durable = nothingDurable()
    const written: unknown[] = []
    for (let i = 0; i < 3; i++) await runFor(15, both(), durable, written)
    await run(both(), new DurableSink(written, new Fate()), { checkpoint: checkpointIn(durable) }).done
    expect(written).toEqual(await whole(both()))
  })

  test('accounts for every event, those of runs before as what is held', async () => {
    const held: EventStream<Event<number, number>> = numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy((n) => n % 2),
    )
    const pipeline = (): Observable<unknown> => held.pipe(aggregate(sum(), { keep: 'forever' }), changes())
    const durable = nothingDurable()
    await runFor(20, pipeline(), durable, [])
    const sink = new DurableSink([], new Fate())
    const metrics = await run(pipeline(), sink, { checkpoint: checkpointIn(durable) }).done
    expect(metrics.balanced).toBe(true)
    expect(metrics.operators.at(-1)).toMatchObject({ in: size, contributed: size, held: 0 })
  })

  test.each([
    ['amid their work', 'forever'],
    ['when some of it has gone since the last checkpoint', 20],
  ] as const)('forgets the state of operators that are torn down %s', async (_, keep) => {
    const durable = nothingDurable()
    const written: unknown[] = []
    const sums = numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy((n) => n),
      aggregate(sum(), { keep, id: 'sums' }),
      changes(),
    )
    // The store sees to it that what has changed and what there is agree, at each commit.
    const checkpoint = { ...checkpointIn(durable), every: 3 }
    const sink = new DurableSink(written, new Fate())
    const options = { clock: new TickingClock(), batchSize: 8, checkpoint }
    await run(sums.pipe(take(301), repeat(3)), sink, options).done
    const round = written.slice(0, 301)
    expect(written).toEqual([...round, ...round, ...round])
    expect(durable.epoch).toBeGreaterThan(20)
    expect(durable.cells.get('sums')?.size).toBe(0)
  })

  test('lets wait what is pushed while one is taken', async () => {
    const durable = nothingDurable()
    const subject = new Subject<number>()
    const seen: number[] = []
    let taken = 0
    class Pushing extends MemoryStore {
      override async commit(commit: Parameters<MemoryStore['commit']>[0]): Promise<void> {
        taken += 1
        subject.next(taken)
        expect(seen).not.toContain(taken)
        await super.commit(commit)
        expect(seen).not.toContain(taken)
      }
    }
    const checkpoint = { dir: 'memory', every: 1, store: () => new Pushing(durable, new Fate()) }
    const pushed = subject.pipe(
      assignTimestamps((n) => n, monotonous()),
      map((n) => void seen.push(n)),
    )
    const job = run(pushed, () => {}, { checkpoint })
    await turns(20)
    subject.next(0)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(taken).toBeGreaterThan(0)
    await turns(5)
    expect(seen).toEqual(expect.arrayContaining([0, 1]))
    await job.stop()
  })
})

describe('refuses', () => {
  test('a pipeline that lacks an operator of the checkpoint', async () => {
    const durable = nothingDurable()
    await runFor(20, totals(numbers, 'totals'), durable, [])
    const toSink = (checkpoint: CheckpointOptions): RunningJob =>
      run(totals(numbers, 'sums'), new DurableSink([], new Fate()), { checkpoint })
    const job = toSink(checkpointIn(durable))
    expect(await failureOf(job.done)).toMatchObject({
      code: 'checkpoint',
      message:
        "run: expected a pipeline with all that is in the checkpoint, got one without 'totals'; name what may go in checkpoint.drop",
    })
    await toSink({ ...checkpointIn(durable), drop: ['totals'] }).done
  })

  test('a pipeline that lacks a sink of the checkpoint, unless it has said nothing', async () => {
    const durable = nothingDurable()
    await runFor(20, totals(), durable, [])
    const job = run(totals(), () => {}, { checkpoint: checkpointIn(durable) })
    expect(await failureOf(job.done)).toMatchObject({
      code: 'checkpoint',
      message:
        "run: expected a pipeline with all that is in the checkpoint, got one without 'durable'; name what may go in checkpoint.drop",
    })
    await run(totals(), () => {}, { checkpoint: { ...checkpointIn(durable), drop: ['durable'] } }).done
    await run(totals(), new DurableSink([], new Fate()), { checkpoint: checkpointIn(durable) }).done
  })

  test('an operator whose state can not be saved', async () => {
    const forgetful = defineOperator([numbers.pipe(assignTimestamps((n) => n, monotonous()))], {
      name: 'forgetful',
      create: () => ({ onEvent() {}, held: () => 0 }),
    })
    const job = run(forgetful, () => {}, { checkpoint: checkpointIn(nothingDurable()) })
    expect(await failureOf(job.done)).toMatchObject({ code: 'checkpoint', operator: 'forgetful' })
  })

  test.each([
    [{ dir: '' }, 'run: checkpoint.dir must be'],
    [{ dir: 'x', every: 0 }, 'run: checkpoint.every'],
  ])('options that are none: %j', (checkpoint, message) => {
    expect(() => run(numbers, () => {}, { checkpoint })).toThrow(message)
  })
})

test('a store is told whether it may take a folder over', async () => {
  const told: unknown[] = []
  for (const takeOver of [undefined, true]) {
    const store: CheckpointOptions['store'] = (dir, options) => {
      told.push([dir, options])
      return new MemoryStore(nothingDurable(), new Fate())
    }
    const checkpoint = { dir: 'here', store, ...(takeOver !== undefined && { takeOver }) }
    await run(numbers, () => {}, { checkpoint }).done
  }
  expect(told).toEqual([
    ['here', { takeOver: false }],
    ['here', { takeOver: true }],
  ])
})

test('no checkpoint is taken of a job that has failed', async () => {
  const durable = nothingDurable()
  const failing = totals(
    numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      map((n) => {
        if (n === 500) throw new Error('boom')
        return n
      }),
      values(),
    ),
  )
  const written: unknown[] = []
  const job = run(failing, new DurableSink(written, new Fate()), { batchSize: 8, checkpoint: checkpointIn(durable) })
  expect(await failureOf(job.done)).toMatchObject({ code: 'callback' })
  const mended = totals(
    numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      map((n) => n),
      values(),
    ),
  )
  await run(mended, new DurableSink(written, new Fate()), { checkpoint: checkpointIn(durable) }).done
  expect(written).toEqual(await whole(totals()))
})

test('takes a checkpoint early when what has changed takes too many bytes', async () => {
  const checkpointsWith = async (maxDirtyBytes: number, keys: number): Promise<number> => {
    const durable = nothingDurable()
    const sums = numbers.pipe(
      assignTimestamps((n) => n, monotonous()),
      keyBy((n) => n % keys),
      aggregate(sum(), { keep: 'forever' }),
      changes(),
    )
    const checkpoint = { ...checkpointIn(durable), every: '1h', maxDirtyBytes }
    await run(sums, new DurableSink([], new Fate()), { batchSize: 8, checkpoint }).done
    return durable.epoch ?? 0
  }
  // One at the start, because nothing knows the sink, and one at the end.
  expect(await checkpointsWith(Infinity, 1_000)).toBe(2)
  // A cell takes some 20 bytes, and is taken to have more in front of the first one.
  const early = await checkpointsWith(2_000, 1_000)
  expect(early).toBeGreaterThan(8)
  expect(early).toBeLessThan(30)
  // Few cells change, however often.
  expect(await checkpointsWith(2_000, 10)).toBe(2)
})

test.each([0, -1, Number.NaN])('refuses %s as maxDirtyBytes', (maxDirtyBytes) => {
  const checkpoint = { ...checkpointIn(nothingDurable()), maxDirtyBytes }
  expect(() => run(totals(), () => {}, { checkpoint })).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: `run: checkpoint.maxDirtyBytes must be > 0, got ${maxDirtyBytes}`,
    }),
  )
})
