// What the tables of state.md say: what a key has, in which order events are handled, and when each operator lets go of its state.
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import {
  begin,
  type Diff,
  type Element,
  event,
  listState,
  mapState,
  run,
  type Stream,
  sum,
  tumbling,
  valueState,
  watermark,
} from '../index.ts'
import { fromIterable } from '../adapters/iterable/index.ts'
import * as operators from '../operators/index.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { collect } from '../testing/index.ts'
import { tablesOf } from './fixtures/tables.ts'

const [choices = [], orders = [], declared = [], lines = []] = tablesOf('docs/state.md')
const codeOf = (cell = ''): readonly string[] => [...cell.matchAll(/`(.*?)`/g)].map(([, code = '']) => code)

type Build = (input: Stream<number, string, undefined>) => Stream<unknown, unknown, unknown, Diff>

const {
  aggregate,
  coGroup,
  compact,
  deduplicate,
  detect,
  filter,
  flatMap,
  inOrder,
  intervalJoin,
  keyBy,
  map,
  mapWithState,
  merge,
  process,
  rateLimit,
  tableJoin,
  temporalJoin,
  topN,
  toTable,
  window,
  windowJoin,
} = operators

const storing = process<number, string, undefined, { value: ReturnType<typeof valueState<number>> }>(
  { state: { value: valueState<number>() }, onEvent: ({ value }, { state }) => state.value.set(value) },
  { keep: 4 },
)

/** Operators, and the least watermark behind which they hold nothing of an event at 10; `Infinity` is the end. */
const freed: Readonly<Record<string, readonly [Build, number]>> = {
  window: [(input) => input.pipe(window(tumbling(5), sum(), { allowedLateness: 3 })), 18],
  windowJoin: [(input) => input.pipe(windowJoin(input, tumbling(5))), 15],
  coGroup: [(input) => input.pipe(coGroup(input, tumbling(5))), 15],
  intervalJoin: [(input) => input.pipe(intervalJoin(input, -2, 3, { kind: 'full' })), 14],
  temporalJoin: [(input) => input.pipe(temporalJoin(input)), Infinity],
  toTable: [(input) => input.pipe(toTable({ keep: 4 })), 15],
  tableJoin: [(input) => input.pipe(toTable({ keep: 4 }), tableJoin(input.pipe(toTable({ keep: 4 })))), 15],
  topN: [
    (input) =>
      input.pipe(
        toTable({ keep: 4 }),
        topN(1, (n) => n),
      ),
    15,
  ],
  compact: [(input) => input.pipe(compact(6)), 12],
  aggregate: [(input) => input.pipe(aggregate(sum(), { keep: 4 })), 15],
  mapWithState: [(input) => input.pipe(mapWithState(0, (_, n) => [n, n], { keep: 4 })), 15],
  process: [(input) => input.pipe(storing), 15],
  deduplicate: [(input) => input.pipe(deduplicate((n) => n, { within: 4 })), 15],
  rateLimit: [(input) => input.pipe(rateLimit(1, 4)), 14],
  detect: [
    (input) =>
      input.pipe(
        detect(
          begin('high', (n: number) => n > 0)
            .followedBy('low', (n) => n < 0)
            .within(4),
        ),
      ),
    14,
  ],
  inOrder: [(input) => input.pipe(inOrder()), 11],
}

const stateless: Readonly<Record<string, Build>> = {
  map: (input) => input.pipe(map((n) => n)),
  filter: (input) => input.pipe(filter(() => true)),
  flatMap: (input) => input.pipe(flatMap((n) => [n])),
  keyBy: (input) => input.pipe(keyBy((n) => n)),
  merge: (input) => merge(input, input),
}

/** Runs an operator over an event at 10, and tells what it holds behind each watermark. */
async function heldBy(build: Build, watermarks: readonly number[]): Promise<readonly number[]> {
  const input = new Subject<Element<number, string, undefined>>()
  const job = run(build(input), () => {})
  const sums: number[] = []
  const look = (): number => job.metrics().operators.reduce((all, { held, entries }) => all + held + entries, 0)
  await turns()
  input.next(watermark(7))
  input.next(event(5, 10, 'k'))
  await turns()
  for (const time of watermarks) {
    if (time === Infinity) input.complete()
    else input.next(watermark(time))
    await turns()
    sums.push(look())
  }
  input.complete()
  await job.done
  return sums
}

describe('state is freed', () => {
  test.each(Object.entries(freed))('by %s when the table says it', async (_, [build, time]) => {
    const before = time === Infinity ? 1_000_000 : time - 1
    const [still = 0, then] = await heldBy(build, [before, time])
    expect(still).toBeGreaterThan(0)
    expect(then).toBe(0)
  })

  test.each(Object.entries(stateless))('by %s at once', async (_, build) => {
    expect(await heldBy(build, [7])).toEqual([0])
  })

  test('by each operator, which has a line of its own', () => {
    const named = lines.flatMap(({ operator }) => codeOf(operator)).filter((code) => !code.startsWith('order'))
    expect(named.sort()).toEqual(Object.keys(operators).sort())
    const nothing = lines.filter(({ holds }) => holds === 'nothing').flatMap(({ operator }) => codeOf(operator))
    expect(nothing).toEqual(expect.arrayContaining(Object.keys(stateless)))
    for (const name of Object.keys(freed)) expect(nothing).not.toContain(name)
  })
})

test('what the questions lead to is there', () => {
  expect(choices.length).toBeGreaterThanOrEqual(9)
  for (const { operator } of choices) {
    for (const code of codeOf(operator)) expect(Object.keys(operators)).toContain(code)
  }
})

test('the two orders differ as the table says', async () => {
  expect(orders.map((row) => Object.values(row)[0])).toEqual([
    'an event is handled',
    'results depend on',
    'an event is late',
    'what is held beside a state',
  ])
  const input = [event(1, 5, 'k'), event(2, 3, 'k'), watermark(6), event(3, 4, 'k'), event(4, 3, 'k')]
  const listed = async (order: 'arrival' | 'time'): Promise<unknown> => {
    const step = (list: string, n: number): readonly [string, string] => [list + n, list + n]
    const out = await collect(fromIterable(input).pipe(mapWithState('', step, { keep: 2, order })))
    return out.map((element) => (element.kind === 'event' ? element.value : element.kind))
  }
  expect(await listed('arrival')).toEqual(['1', '12', 'watermark', '123', 'watermark'])
  expect(await listed('time')).toEqual(['2', '21', 'watermark', 'watermark'])
})

test('a key has what it was declared to have', async () => {
  const specs = { value: valueState<number>(), initial: valueState({ initial: 0 }), map: mapState(), list: listState() }
  const found: unknown[] = []
  const look = process(
    {
      state: specs,
      onEvent: (_: unknown, { state }) => {
        found.push(...Object.values(state))
      },
    },
    { keep: 0 },
  )
  await collect(fromIterable([event(1, 1, 'k')]).pipe(look))
  for (const [i, row] of declared.entries()) {
    for (const code of codeOf(row['to work with'])) expect(found[i]).toHaveProperty(code.replace(/\(.*/, ''))
  }
  expect(declared.map((row) => codeOf(row['declared by'])[0]?.replace(/[<(].*/, ''))).toEqual([
    'valueState',
    'valueState',
    'mapState',
    'listState',
  ])
})
