import { Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { coGroup } from '../../operators/co-group.ts'
import { map } from '../../operators/map.ts'
import { values } from '../../operators/values.ts'
import { windowJoin } from '../../operators/window-join.ts'
import { collect } from '../../testing/collect.ts'
import { type Element, event, type Event, type Stream, watermark } from '../element.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import type { OperatorMetrics } from '../metrics.ts'
import { batchesOf } from '../panes/fixtures/batches.ts'
import { route, run } from '../run.ts'
import type { WindowAssigner } from '../window.ts'
import { globalWindow } from '../windows/global-window.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { tumbling } from '../windows/tumbling.ts'
import { sideOutput } from '../wiring/side-output.ts'

type Numbers = Stream<number, string, undefined>
type NumberElement = Element<number, string, undefined>

/** So many events of a key in the first millisecond, each with a value of its own. */
function numbers(count: number, keyOf: (n: number) => string = () => 'k'): Numbers {
  return fromIterable(
    Array.from({ length: count }, (_, n) => event(n, 0, keyOf(n))),
    { chunkSize: 10_000 },
  )
}

const each: readonly (readonly [string, WindowAssigner])[] = [
  ['windows of time', tumbling(10)],
  ['windows that merge', session(10)],
]

describe.each(each)('%s', (_, windows) => {
  test('the pairs of a key leave in batches', async () => {
    const pairs = numbers(300).pipe(
      windowJoin(numbers(200), windows, { id: 'join' }),
      map(({ left, right }) => left * 200 + right),
      values(),
    )
    const { values: all, longest, operator } = await batchesOf(pairs, { batchSize: 64 })
    expect(all).toEqual(Array.from({ length: 60_000 }, (__, i) => i))
    expect(longest).toBeLessThanOrEqual(64)
    expect(operator?.id).toBe('map')
  })

  test('what is leaving is held until all of it has left', async () => {
    const states = new Set<string>()
    const look = (): void => {
      const [operator] = job.metrics().operators.filter(({ name }) => name === 'windowJoin')
      if (operator !== undefined && operator.out > 0) states.add(`${operator.held} ${operator.entries}`)
    }
    const job = run(numbers(30).pipe(windowJoin(numbers(20), windows)), look, { batchSize: 10 })
    await job.done
    look()
    expect([...states]).toEqual(['50 1', '0 0'])
  })

  test.each([1, 2, 3, 1_024])('batches of %i give the same', async (batchSize) => {
    const keyOf = (n: number): string => `${n % 3}`
    const rows = numbers(10, keyOf).pipe(windowJoin(numbers(7, keyOf), windows, { kind: 'full' }), values())
    expect((await batchesOf(rows, { batchSize })).values).toEqual(await collect(rows))
  })

  test('keys that give no pair take their turns, too', async () => {
    let reads = 0
    const pairs = numbers(5_000, (n) => `left ${n}`).pipe(
      windowJoin(
        numbers(5_000, (n) => `right ${n}`),
        windows,
      ),
    )
    const job = run(pairs, () => {}, { batchSize: 100 })
    while (job.metrics().operators[0]?.held !== 0 || reads === 0) {
      await turns(1)
      reads += 1
    }
    expect(reads).toBeGreaterThan(50)
    expect((await job.done).operators[0]).toMatchObject({
      in: 10_000,
      out: 0,
      contributed: 10_000,
      held: 0,
      entries: 0,
    })
  })

  test('what is held is freed by the watermark', async () => {
    const [left, right] = [new ScriptedSource<NumberElement>('left'), new ScriptedSource<NumberElement>('right')]
    const job = run(left.values.pipe(coGroup(right.values, windows)), () => {})
    const state = (): Partial<OperatorMetrics> | undefined => {
      const operator = job.metrics().operators.find(({ name }) => name === 'coGroup')
      return operator && { entries: operator.entries, held: operator.held, contributed: operator.contributed }
    }
    left.give(event(1, 0, 'a'), event(2, 20, 'a'))
    right.give(event(3, 0, 'a'), event(4, 0, 'b'))
    await turns()
    expect(state()).toEqual({ entries: 3, held: 4, contributed: 0 })
    left.give(watermark(10))
    await turns()
    expect(state()).toEqual({ entries: 3, held: 4, contributed: 0 })
    right.give(watermark(10))
    await turns()
    expect(state()).toEqual({ entries: 1, held: 1, contributed: 3 })
    right.give(watermark(30))
    left.end()
    await turns()
    expect(state()).toEqual({ entries: 0, held: 0, contributed: 4 })
    await job.stop()
  })

  test('what comes back while a window leaves is too late for it', async () => {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const left = new Subject<NumberElement>()
    const right = new Subject<NumberElement>()
    const taken: string[] = []
    const behind: number[] = []
    const pairs = left.pipe(
      windowJoin(right, windows, { kind: 'left', lateRight: late }),
      tap((element) => {
        if (element.kind !== 'event') return
        const { value } = element
        taken.push(`${value.left}/${value.right}`)
        // One for the window that is leaving, one for a window to come.
        if (value.left === 1 && value.right === 3) right.next(event(9, 1, 'k'))
        if (value.left === 1 && value.right === 3) left.next(event(8, 50, 'k'))
      }),
    )
    const job = run([route(pairs, () => {}), route(late, ({ value }) => void behind.push(value))])
    for (const input of [left, right]) input.next(event(input === left ? 1 : 3, 0, 'k'))
    left.next(event(2, 1, 'k'))
    right.next(event(4, 1, 'k'))
    for (const input of [left, right]) input.next(watermark(20))
    for (const input of [left, right]) input.complete()
    const { operators, balanced } = await job.done
    expect(taken).toEqual(['1/3', '1/4', '2/3', '2/4', '8/undefined'])
    expect(behind).toEqual([9])
    expect(balanced).toBe(true)
    expect(operators[0]).toMatchObject({ in: 6, late: 1, contributed: 5, held: 0, entries: 0 })
  })
})

test('an event that is late for some of its windows alone is counted there', async () => {
  const left = fromIterable<NumberElement>([event(1, 7, 'a'), watermark(10), event(2, 8, 'a')], { chunkSize: 1 })
  const job = run(left.pipe(windowJoin(numbers(0), hopping(10, 5), { kind: 'left' })), () => {})
  expect((await job.done).operators.find(({ name }) => name === 'windowJoin')).toMatchObject({
    in: 2,
    out: 3,
    windowDrops: 1,
    late: 0,
    contributed: 2,
  })
})

test.each(each.map(([name, windows]) => [name, { ...windows, assign: () => [] }] as const))(
  'without a window is in no window: %s',
  async (_, windows) => {
    const { operators } = await run(numbers(3).pipe(coGroup(numbers(2), windows)), () => {}).done
    expect(operators[0]).toMatchObject({ in: 5, noWindow: 5, out: 0, held: 0 })
  },
)

test('a million pairs of one key are not kept anywhere', async () => {
  let pairs = 0
  let most = 0
  const stream = numbers(1_000).pipe(windowJoin(numbers(1_000), globalWindow()))
  const sink = {
    name: 'counting',
    write(batch: readonly unknown[]) {
      pairs += batch.length
      most = Math.max(most, batch.length)
    },
  }
  await run(stream, sink, { batchSize: 500 }).done
  // The watermark at the end is one of them.
  expect(pairs).toBe(1_000_001)
  expect(most).toBeLessThanOrEqual(500)
})
