// Laws of several sources
//
// 1. With each under its own timestamps, what comes out is the same whatever the delays and chunk sizes of the reads, the size
//    of a batch and the pace of the sink.
// 2. An event leaves only when no source that is not idle can still give one from before its source's watermark.
import fc from 'fast-check'
import { defer, merge as rxMerge, mergeMap, type Observable, repeat } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { assignTimestamps, map, merge, values } from '../../operators/index.ts'
import type { Event, Stream } from '../element.ts'
import { alive } from '../fixtures/alive.ts'
import { CountedNumbers } from '../fixtures/counted-numbers.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { defineSource } from '../wiring/source.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../watermarks/monotonous.ts'

type Numbers = Stream<number, undefined, undefined>

const timed = (source: Observable<number>): Numbers => source.pipe(assignTimestamps((n) => n, monotonous()))

/** The values with the name of their source. */
const named = (name: string, stream: Numbers): Stream<string, undefined, undefined> =>
  stream.pipe(map((n) => `${name}${n}`))

async function order(...streams: readonly Stream<string, undefined, undefined>[]): Promise<string> {
  const taken: string[] = []
  await run(merge(...streams).pipe(values()), (value) => void taken.push(value)).done
  return taken.join(' ')
}

describe('sources with event time', () => {
  test('are pulled in the order of their watermarks, whatever their chunks', async () => {
    const a = named('a', timed(fromIterable([1, 2, 3, 10, 11], { chunkSize: 2 })))
    const b = named('b', timed(fromIterable([4, 5, 6, 7, 12], { chunkSize: 5 })))
    // Each is read until its watermark has passed the other's.
    expect(await order(a, b)).toBe('a1 b4 a2 a3 a10 b5 b6 b7 b12 a11')
  })

  test('of which several stand at the same time go in the order in which they were wired', async () => {
    const sources = ['a', 'b', 'c'].map((name) => named(name, timed(fromIterable([5, 5, 6], { chunkSize: 1 }))))
    expect(await order(...sources)).toBe('a5 b5 c5 a5 a6 b5 b6 c5 c6')
  })

  test('wait for the one that is behind', async () => {
    const slow = new ScriptedSource<number>()
    const taken: string[] = []
    const streams = [named('s', timed(slow.values)), named('f', timed(fromIterable([1, 2, 3])))]
    const job = run(merge(...streams).pipe(values()), (value) => void taken.push(value))
    await turns()
    expect(taken).toEqual([])
    slow.give(2)
    await turns()
    // At 2 it is the other's turn no more: the one that was wired first goes first.
    expect(taken).toEqual(['s2', 'f1', 'f2'])
    slow.give(9)
    await turns()
    expect(taken).toEqual(['s2', 'f1', 'f2', 's9', 'f3'])
    await job.stop()
  })

  test('law 1: come out in the same order however they are read', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 12 })
    const pace = fc.record({
      chunks: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
      delays: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }),
    })
    const runs = fc.record({
      paces: fc.tuple(pace, pace, pace),
      batchSize: fc.integer({ min: 1, max: 10 }),
      sinkDelay: fc.integer({ min: 0, max: 2 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.tuple(times, times, times), runs, runs, async (sources, one, other) => {
        const take = async ({ paces, batchSize, sinkDelay }: typeof one): Promise<unknown[]> => {
          const streams = sources.map((events, i) =>
            paced(events, paces[i] ?? paces[0]).pipe(
              assignTimestamps((n) => n, boundedOutOfOrderness(i * 5)),
              map((n) => `${'abc'[i]}${n}`),
            ),
          )
          const elements: unknown[] = []
          const sink = async (element: unknown): Promise<void> => {
            for (let i = 0; i < sinkDelay; i++) await Promise.resolve()
            elements.push(element)
          }
          await run(merge(...streams), sink, { batchSize }).done
          return elements
        }
        expect(await take(one)).toEqual(await take(other))
      }),
      { numRuns: 200 },
    )
  })

  test('law 2: an event leaves when no source is behind its own', async () => {
    const times = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(fc.array(times, { minLength: 2, maxLength: 4 }), async (sources) => {
        const watermarks = sources.map(() => -Infinity)
        const left = sources.map((events) => events.length)
        const streams = sources.map((events, i) => timed(fromIterable(events)).pipe(map((n) => ({ i, n }))))
        const elements: Event<{ i: number; n: number }>[] = []
        await run(merge(...streams), (element) => {
          if (element.kind === 'event') elements.push(element)
        }).done
        for (const { value } of elements) {
          const before = watermarks[value.i] ?? 0
          // The end of a source is handed on in its turn, like a value.
          for (const [j, watermark] of watermarks.entries())
            if ((left[j] ?? 0) > 0) expect(watermark).toBeGreaterThanOrEqual(before)
          watermarks[value.i] = Math.max(before, value.n)
          left[value.i] = (left[value.i] ?? 0) - 1
        }
      }),
      { numRuns: 100 },
    )
  })
})

/** Reads values in chunks of the sizes, and with the delays, that a pace goes through again and again. */
function paced(
  events: readonly number[],
  { chunks, delays }: { chunks: readonly number[]; delays: readonly number[] },
): Observable<number> {
  return defineSource<number>({
    name: 'paced',
    open() {
      let next = 0
      let reads = 0
      return {
        read() {
          const size = chunks[reads % chunks.length] ?? 1
          const delay = delays[reads % delays.length] ?? 0
          reads += 1
          const chunk = next < events.length ? { values: events.slice(next, next + size) } : undefined
          next += size
          return delay === 0 ? chunk : turns(delay - 1).then(() => chunk)
        },
        close() {},
      }
    },
  })
}

describe('sources under the same timestamps', () => {
  test('take turns chunk by chunk', async () => {
    const a = fromIterable([1, 2, 3, 4, 5], { chunkSize: 2 })
    const b = fromIterable([11, 12, 13, 14, 15, 16], { chunkSize: 3 })
    const taken: number[] = []
    await run(
      rxMerge(a, b).pipe(
        assignTimestamps((n) => n, monotonous()),
        values(),
      ),
      (n) => void taken.push(n),
    ).done
    expect(taken).toEqual([1, 2, 11, 12, 13, 3, 4, 14, 15, 16, 5])
  })

  test('take turns also in batches smaller than their chunks', async () => {
    const a = fromIterable([1, 2, 3], { chunkSize: 3 })
    const b = fromIterable([11, 12, 13], { chunkSize: 3 })
    const taken: number[] = []
    await run(rxMerge(a, b), (n) => void taken.push(n), { batchSize: 1 }).done
    expect(taken).toEqual([1, 2, 3, 11, 12, 13])
  })

  test('do not wait for each other', async () => {
    const quiet = new ScriptedSource<number>('quiet')
    const busy = new ScriptedSource<number>('busy').give(1).give(2).give(3)
    const taken: number[] = []
    const job = run(
      rxMerge(quiet.values, busy.values).pipe(
        assignTimestamps((n) => n, monotonous()),
        values(),
      ),
      (n) => void taken.push(n),
    )
    await turns()
    expect(taken).toEqual([1, 2, 3])
    quiet.give(4)
    await turns()
    expect(taken).toEqual([1, 2, 3, 4])
    await job.stop()
  })

  test('one that is opened late is not preferred for long', async () => {
    const [old, young] = [new CountedNumbers(), new CountedNumbers()]
    const starts = new ScriptedSource<CountedNumbers>().give(old)
    const job = run(starts.values.pipe(mergeMap((numbers) => fromIterable(numbers))), () => {})
    await turns(100)
    const before = old.pulled
    expect(before).toBeGreaterThan(0)
    starts.give(young)
    await turns(100)
    expect(young.pulled).toBeGreaterThan(0)
    expect(old.pulled - before).toBeGreaterThanOrEqual(young.pulled - 2_048)
    await job.stop()
  })
})

describe('a source without timestamps', () => {
  test('holds back none that has them', async () => {
    const control = new ScriptedSource<number>('control')
    const taken: number[] = []
    const job = run([
      route(control.values, () => {}),
      route(timed(fromIterable([1, 2, 3], { chunkSize: 1 })).pipe(values()), (n) => void taken.push(n)),
    ])
    await turns()
    expect(taken).toEqual([1, 2, 3])
    await job.stop()
  })

  test('that is endless leaves the others their turns, and they leave it its own', async () => {
    const [plain, other] = [new CountedNumbers(), new CountedNumbers()]
    const job = run([
      route(fromIterable(plain, { chunkSize: 10 }), () => {}),
      route(timed(fromIterable(other, { chunkSize: 10 })).pipe(values()), () => {}),
    ])
    await turns(100)
    await job.stop()
    expect(plain.pulled).toBeGreaterThan(100)
    expect(Math.abs(plain.pulled - other.pulled)).toBeLessThanOrEqual(20)
  })
})

describe('a job that opens sources one after the other', () => {
  const opened = 100_000

  /** A connection with one value. */
  const connection = (n: number, refs: WeakRef<object>[]): Observable<number> =>
    defineSource<number>({
      name: `connection ${n}`,
      open() {
        let chunk: { values: number[] } | undefined = { values: [n] }
        if (n % 1_000 === 0) refs.push(new WeakRef(chunk))
        return {
          read() {
            const next = chunk
            chunk = undefined
            return next
          },
          close() {},
        }
      },
    })

  test('keeps nothing of the ended ones but metrics, of the earliest their sum', async () => {
    const refs: WeakRef<object>[] = []
    let next = 0
    let listed = 0
    let held = 0
    const job = run(defer(() => connection(next++, refs)).pipe(repeat(opened)), async (n) => {
      if (n !== opened - 1) return
      listed = job.metrics().sources.length
      held = await alive(refs)
    })
    const { sources } = await job.done
    expect(refs).toHaveLength(opened / 1_000)
    expect(held).toBeLessThanOrEqual(1)
    expect(listed).toBeLessThanOrEqual(1_002)
    expect(sources[0]).toMatchObject({ name: 'earlier sources', ended: true })
    expect(sources.at(-1)).toMatchObject({ name: `connection ${opened - 1}`, read: 1 })
    expect(sources.reduce((sum, { read }) => sum + read, 0)).toBe(opened)
  })
})
