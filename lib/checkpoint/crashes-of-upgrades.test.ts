// A job dies, as in crashes.test.ts, and the runs after that are those of a later program, whose state looks otherwise: wherever it
// died, and wherever the later one dies when it has just begun, what was written in the end is what either of them writes.
import type { Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import {
  aggregate,
  assignTimestamps,
  changes,
  keyBy,
  map,
  mapWithState,
  panes,
  process,
  window,
} from '../../operators/index.ts'
import { combine } from '../aggregates/combine.ts'
import { count } from '../aggregates/count.ts'
import type { FullAggregate } from '../aggregates/full-aggregate.ts'
import { fold } from '../aggregates/fold.ts'
import { event, type Event, type Stream } from '../element.ts'
import { listState } from '../keyed/list-state.ts'
import { mapState } from '../keyed/map-state.ts'
import type { Emit } from '../keyed/process-definition.ts'
import { valueState } from '../keyed/value-state.ts'
import { afterCount, repeatedly } from '../triggers/index.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import type { WindowAssigner, Windows } from '../window.ts'
import { countWindow } from '../windows/count-window.ts'
import { globalWindow } from '../windows/global-window.ts'
import { hopping } from '../windows/hopping.ts'
import { session } from '../windows/session.ts'
import { sliding } from '../windows/sliding.ts'
import { tumbling } from '../windows/tumbling.ts'
import { defineOperator } from '../wiring/operator.ts'
import { crashes } from './fixtures/crashes.ts'
import { type Sale, sales } from './fixtures/sales.ts'
import { SavedMap } from './saved-map.ts'
import type { Migration } from './saved-state.ts'

const keyed = fromIterable(sales, { chunkSize: 7 }).pipe(
  assignTimestamps((sale) => sale.time, boundedOutOfOrderness(30)),
  keyBy((sale) => sale.shop),
)

/** Adds up, in an accumulator that becomes a record. */
function total(version: number): FullAggregate<Sale, unknown, number> {
  if (version === 1) {
    return fold({
      create: () => 0,
      add: (sum, sale: Sale) => sum + sale.amount,
      merge: (one, other) => one + other,
      result: (sum) => sum,
      retract: (sum, sale: Sale) => sum - sale.amount,
    })
  }
  return fold({
    create: () => ({ sum: 0 }),
    add: ({ sum }, sale: Sale) => ({ sum: sum + sale.amount }),
    merge: (one, other) => ({ sum: one.sum + other.sum }),
    result: ({ sum }) => sum,
    retract: ({ sum }, sale: Sale) => ({ sum: sum - sale.amount }),
    version,
    migrate: (sum) => ({ sum: Number(sum) }),
  })
}

function windowed(assigner: WindowAssigner | Windows<Sale>): (version: number) => Observable<unknown> {
  return (version) => keyed.pipe(window(assigner as WindowAssigner, total(version), { allowedLateness: 40 }), panes())
}

/** Counts the sales of shops. The first layout has a cell for each shop, the second one for its first letter, the third two of each. */
function counting(version: number): Stream<number, string> {
  const migrations: Readonly<Record<number, Migration>> = {
    1: (shop, sold) => [[['first letter', shop], sold]],
    2: (key, sold) => {
      const [, letter] = key as readonly [string, string]
      const half = Math.floor(Number(sold) / 2)
      return [
        [`${letter}1`, half],
        [`${letter}2`, Number(sold) - half],
      ]
    },
  }
  return defineOperator<Event<Sale, string>, Event<number, string>>([keyed], {
    name: 'counting',
    create(context) {
      interface Sold {
        readonly key: unknown
        count: number
        isChanged: boolean
      }
      const cells = new SavedMap<unknown, Sold>(context.dirty)
      const byName = new Map<string, Sold>()
      const keysOf = (shop: string): unknown[] =>
        version === 1 ? [shop] : version === 2 ? [['first letter', shop]] : [`${shop}1`, `${shop}2`]
      const put = (cell: Sold): Sold => {
        byName.set(JSON.stringify(cell.key), cell)
        return cell
      }
      const part = cells.saved({
        save: ({ count }) => count,
        load: (key, sold) => put({ key, count: Number(sold), isChanged: false }),
      })
      return {
        saved: { version, migrations, ...part },
        onEvent({ key: shop, time }) {
          const sold = keysOf(shop).map((key) => {
            const there = byName.get(JSON.stringify(key))
            if (there !== undefined) return there
            const opened = put({ key, count: 0, isChanged: false })
            cells.add(opened)
            return opened
          })
          const [least] = sold.toSorted((a, b) => a.count - b.count)
          if (least === undefined) return
          least.count += 1
          cells.touch(least)
          const value = sold.reduce((sum, each) => sum + each.count, 0)
          context.emit(event(value, time, shop))
        },
      }
    },
  })
}

const pipelines: Readonly<Record<string, (version: number) => Observable<unknown>>> = {
  'aggregate, of a fold': (version) => keyed.pipe(aggregate(total(version), { keep: 100 }), changes()),
  'windows that all keys share': windowed(tumbling(50)),
  'windows that share slices': windowed(hopping(60, 20)),
  'sliding windows': windowed(sliding(40)),
  sessions: windowed(session(15)),
  'windows of a number of events': (version) => keyed.pipe(window(countWindow(4, 2), total(version)), panes()),
  'a window with a trigger': (version) =>
    keyed.pipe(window(globalWindow(), total(version), { trigger: repeatedly(afterCount(2)) }), panes()),
  'windows of what is taken back': (version) =>
    keyed.pipe(
      mapWithState(0, (n, sale) => [n + 1, sale], { keep: 100 }),
      aggregate(count(), { keep: 100 }),
      window(
        hopping(60, 20),
        fold({
          create: () => (version === 1 ? 0 : { sum: 0 }) as unknown,
          add: (sum, n: number) => withSum(sum, n),
          merge: (sum, other) => withSum(sum, sumOf(other)),
          retract: (sum, n: number) => withSum(sum, -n),
          result: sumOf,
          version,
          migrate: (sum) => ({ sum: Number(sum) }),
        }),
        { allowedLateness: 40, accumulation: 'retracting' },
      ),
      changes(),
    ),
  'aggregates under names, in another order': (version) => {
    const [sold, sales] = [total(version), count()]
    const spec =
      version === 1 ? { sold, sales, both: combine({ sold, sales }) } : { both: combine({ sales, sold }), sales, sold }
    return keyed.pipe(
      window(tumbling(20), spec),
      map(({ sold, sales, both }) => [sold, sales, both.sold, both.sales]),
      changes(),
    )
  },
  mapWithState: (version) =>
    version === 1
      ? keyed.pipe(
          mapWithState(0, (sum, sale) => [sum + sale.amount, sum], { keep: 60 }),
          changes(),
        )
      : keyed.pipe(
          mapWithState(none, ({ sum }, sale) => [{ sum: sum + sale.amount }, sum], {
            keep: 60,
            version: 3,
            migrate: (sum, from) => ({ sum: from === 1 ? Number(sum) : Number.NaN }),
          }),
          changes(),
        ),
  'process, with each kind of state': (version) => {
    const read = version === 1 ? Number : (sum: unknown): unknown => (sum as { sum?: number }).sum
    return keyed.pipe(
      process(
        {
          state: {
            sum: valueState<unknown>({ ttl: 45, version, migrate: upgraded }),
            byAmount: mapState<number, unknown>({ ttl: 50, version, migrate: upgraded }),
            ...(version === 1 ? {} : { added: valueState<string>() }),
            recent: listState<unknown>({ version, migrate: upgraded }),
          },
          onEvent({ value: { amount }, time }, { state: { sum, byAmount, recent }, setTimer }) {
            const now = Number(sum.value === undefined ? 0 : read(sum.value)) + amount
            sum.set(version === 1 ? now : { sum: now })
            byAmount.set(amount, version === 1 ? time : { sum: time })
            recent.push(version === 1 ? amount : { sum: amount })
            if (recent.size > 3) recent.clear()
            setTimer(time + 5)
          },
          onTimer(_, { state: { sum, byAmount, recent } }, emit: Emit<unknown>) {
            emit([sum.value && read(sum.value), [...byAmount.values()].map(read), [...recent.values()].map(read)])
          },
        },
        { keep: 100 },
      ),
      changes(),
    )
  },
  'an operator whose layout has changed twice': (version) => counting(version === 1 ? 1 : 3).pipe(changes()),
}

const none = { sum: 0 }

function upgraded(sum: unknown): unknown {
  return { sum: Number(sum) }
}

function sumOf(sum: unknown): number {
  return typeof sum === 'number' ? sum : (sum as { sum: number }).sum
}

function withSum(sum: unknown, more: number): unknown {
  return typeof sum === 'number' ? sum + more : { sum: sumOf(sum) + more }
}

const cases = Object.entries(pipelines).flatMap(([name, pipeline]) =>
  [false, true].map((isPaged) => [name, isPaged ? 'one by one' : 'at once', pipeline, isPaged] as const),
)

test.each(cases)('%s, cells read %s', async (_, __, pipeline, isPaged) => {
  let runs = 0
  const thenLater = (): Observable<unknown> => pipeline(runs++ % 3 === 1 || runs === 1 ? 1 : 2)
  const { expected, points, differing } = await crashes(thenLater, isPaged)
  expect(expected.length).toBeGreaterThan(20)
  expect(points).toBeGreaterThan(100)
  expect(differing).toEqual([])
})
