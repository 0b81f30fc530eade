// What `temporalJoin` holds, and when it lets go of it.
import { from, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { assignTimestamps } from './assign-timestamps.ts'
import { keyBy } from './key-by.ts'
import { map } from './map.ts'
import { temporalJoin } from './temporal-join.ts'

type NumberElement = Element<number, string, undefined>

describe('state', () => {
  test('is what waits, and one change a key with what is ahead of the watermark', async () => {
    const { left, right, metrics } = started()
    for (const time of [1, 3, 5, 7]) right.next(event(time, time, 'x'))
    right.next(event(1, 2, 'y'))
    left.next(event(1, 4, 'x'))
    expect(await metrics()).toMatchObject({ in: 6, contributed: 0, held: 6, entries: 6 })
    left.next(watermark(9))
    expect(await metrics()).toMatchObject({ held: 6 })
    right.next(watermark(4))
    expect(await metrics()).toMatchObject({ held: 5, contributed: 1 })
    right.next(watermark(5))
    expect(await metrics()).toMatchObject({ out: 1, held: 3, contributed: 3 })
    right.next(event(null, 6, 'y'))
    right.next(watermark(6))
    expect(await metrics()).toMatchObject({ held: 2, contributed: 5 })
    right.next(watermark(9))
    expect(await metrics()).toMatchObject({ held: 1, contributed: 6 })
    left.complete()
    right.complete()
    expect(await metrics()).toMatchObject({ in: 7, out: 1, contributed: 7, held: 0, entries: 0 })
  })

  test('is freed behind a change that came out of order, when the watermark reaches that', async () => {
    const { left, right, metrics } = started()
    for (const time of [1, 100, 10]) right.next(event(time, time, 'x'))
    left.next(watermark(200))
    right.next(watermark(10))
    expect(await metrics()).toMatchObject({ held: 2, contributed: 1 })
    right.next(watermark(100))
    expect(await metrics()).toMatchObject({ held: 1, contributed: 2 })
  })

  test('of a change whose time another one has taken is freed at once', async () => {
    const { right, metrics } = started()
    for (const row of [1, 2, null, 3]) right.next(event(row, 5, 'x'))
    expect(await metrics()).toMatchObject({ in: 4, contributed: 3, held: 1 })
  })

  test('of a join that runs for long does not grow: 100,000 rows, each of them changed and deleted', async () => {
    let most = 0
    const rows = 100_000
    interface Row {
      readonly key: number
      readonly time: number
      readonly isGone?: boolean
    }
    /** A row a millisecond, which changes 10 ms later and is deleted after 20. */
    function* changes(): Generator<Row> {
      for (let time = 0; time < rows + 20; time++) {
        if (time < rows) yield { key: time, time }
        if (time >= 10 && time < rows + 10) yield { key: time - 10, time }
        if (time >= 20) yield { key: time - 20, time, isGone: true }
      }
    }
    function* events(): Generator<Row> {
      for (let key = 0; key < rows; key++) yield { key, time: key + 15 }
    }
    const timestamps = assignTimestamps((row: Row) => row.time, monotonous())
    const table = fromIterable(changes()).pipe(
      timestamps,
      keyBy(({ key }) => key),
      map((row) => (row.isGone === true ? null : row)),
    )
    const joined = fromIterable(events()).pipe(
      timestamps,
      keyBy(({ key }) => key),
      temporalJoin(table),
    )
    const job = run(joined, {
      name: 'watching',
      write() {
        most = Math.max(most, job.metrics().operators.at(-1)?.entries ?? Infinity)
      },
    })
    const metrics = await job.done
    expect(most).toBeLessThan(50)
    expect(metrics.operators.at(-1)).toMatchObject({ in: 4 * rows, out: rows, contributed: 4 * rows, held: 0 })
  })

  test('leaves and is freed in slices, before anything else flows', async () => {
    const left = new ScriptedSource<NumberElement>()
    const right = new ScriptedSource<NumberElement>()
    const join = left.values.pipe(temporalJoin(right.values))
    const job = run(join, () => {}, { batchSize: 10 })
    right.give(...Array.from({ length: 50 }, (_, n) => event(n, n < 25 ? 1 : 2, `${n % 25}`)), watermark(100))
    left.give(...Array.from({ length: 25 }, (_, n) => event(n, 1, `${n}`)))
    await turns()
    const seen: string[] = []
    left.give(watermark(100), event(1, 100, '1'))
    for (let i = 0; i < 12; i++) {
      await turns(1)
      const { out, entries } = job.metrics().operators.at(-1) ?? {}
      seen.push(`${out} ${entries}`)
    }
    expect(seen.filter((each, i) => each !== seen[i - 1])).toEqual([
      '10 65',
      '20 55',
      '25 45',
      '25 35',
      '25 25',
      '25 26',
    ])
    await job.stop()
  })

  test.each(['versioned', 'latest'] as const)(
    'is gone after the end: what comes then is late: %s',
    async (versions) => {
      const left = new Subject<NumberElement>()
      const right = new Subject<NumberElement>()
      const lateLeft = sideOutput<Event<number, string, undefined>>('late on the left')
      const lateRight = sideOutput<Event<number, string, undefined>>('late on the right')
      const late: unknown[] = []
      const job = run([
        route(left.pipe(temporalJoin(right, { versions, lateLeft, lateRight })), () => {}),
        route(lateLeft, ({ value }) => void late.push(`left ${value}`)),
        route(lateRight, ({ value }) => void late.push(`right ${value}`)),
      ])
      await turns()
      for (const input of [right, left]) input.next(event(1, 1, 'x'))
      for (const input of [right, left]) input.next(watermark(Infinity))
      for (const input of [right, left]) input.next(event(2, 2, 'x'))
      for (const input of [right, left]) input.complete()
      const { operators } = await job.done
      expect(new Set(late)).toEqual(new Set(['left 2', 'right 2']))
      expect(operators[0]).toMatchObject({ in: 4, out: 1, late: 2, contributed: 2, held: 0, entries: 0 })
    },
  )

  test('with the latest versions is one row a key, which the next one and a delete free', async () => {
    const { left, right, metrics } = started('latest')
    for (const row of [1, 2, null]) right.next(event(row, 5, 'x'))
    right.next(event(3, 1, 'y'))
    left.next(event(1, 9, 'y'))
    expect(await metrics()).toMatchObject({ in: 5, out: 1, contributed: 4, late: 0, held: 1, entries: 1 })
    left.complete()
    right.next(event(null, 9, 'z'))
    right.complete()
    expect(await metrics()).toMatchObject({ in: 6, contributed: 6, held: 0, entries: 0 })
  })
})

test('what its results push back into it is answered, too, and accounted for', async () => {
  const left = new Subject<NumberElement>()
  const seen: number[] = []
  const join = left.pipe(
    temporalJoin(from<NumberElement[]>([event(7, 0, 'x')])),
    tap((element) => {
      if (element.kind !== 'event') return
      seen.push(element.value.left)
      if (element.value.left < 3) left.next(event(element.value.left + 1, element.time, 'x'))
    }),
  )
  const job = run(join, () => {})
  await turns()
  left.next(event(1, 1, 'x'))
  left.next(watermark(5))
  expect(seen).toEqual([1, 2, 3])
  left.complete()
  expect((await job.done).balanced).toBe(true)
})

/** A join under way, whose inputs can be pushed into. */
function started(versions: 'versioned' | 'latest' = 'versioned'): {
  readonly left: Subject<NumberElement>
  readonly right: Subject<Element<number | null, string, undefined>>
  metrics(): Promise<OperatorMetrics | undefined>
} {
  const left = new Subject<NumberElement>()
  const right = new Subject<Element<number | null, string, undefined>>()
  const job = run(left.pipe(temporalJoin(right, { versions })), () => {})
  return {
    left,
    right,
    async metrics() {
      await turns()
      return job.metrics().operators.at(-1)
    },
  }
}
