// What a later program makes of a checkpoint: what it takes, and what it refuses.
import { describe, expect, test } from 'vitest'
import { aggregate, changes, keyBy, mapWithState, process, values, window } from '../../operators/index.ts'
import type { Aggregate } from '../aggregate.ts'
import { collect } from '../aggregates/collect.ts'
import { combine } from '../aggregates/combine.ts'
import { count } from '../aggregates/count.ts'
import { fold } from '../aggregates/fold.ts'
import { max } from '../aggregates/max.ts'
import { sum } from '../aggregates/sum.ts'
import type { Event } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { listState } from '../keyed/list-state.ts'
import { mapState } from '../keyed/map-state.ts'
import type { Emit } from '../keyed/process-definition.ts'
import type { StateSpecs } from '../keyed/state-spec.ts'
import { valueState } from '../keyed/value-state.ts'
import { merge as merged, type Observable } from 'rxjs'
import { tumbling } from '../windows/tumbling.ts'
import { defineOperator } from '../wiring/operator.ts'
import { Fate, MemoryStore, nothingDurable } from './fixtures/crashing.ts'
import { after, numbers, runTo, totals } from './fixtures/upgraded.ts'
import { SavedMap } from './saved-map.ts'
import type { SavedState } from './saved-state.ts'

/** A sum of a version, which remembers from which one it has come. */
function versioned(version: number, migrate?: (sum: unknown, from: number) => [number, number]): Observable<unknown> {
  return numbers.pipe(
    mapWithState<number, string, undefined, readonly [number, number], string>(
      [0, version],
      ([total, from], n) => [[total + n, from], `${total + n} since ${from}`],
      { keep: 'forever', version, ...(migrate === undefined ? {} : { migrate }) },
    ),
    values(),
  )
}

describe('the version of a state', () => {
  test('that is the same does not matter, whatever it is', async () => {
    const written = await after(
      versioned(7),
      versioned(7, () => [Number.NaN, Number.NaN]),
    )
    expect(written).toHaveLength(10)
    expect(written[0]).toBe('36 since 7')
  })

  test('that is earlier is told to what makes a later one of it, once for each state', async () => {
    const seen: unknown[] = []
    const migrate = (state: unknown, from: number): [number, number] => {
      seen.push([state, from])
      return [(state as [number, number])[0], from]
    }
    const durable = nothingDurable()
    await runTo(10, versioned(2), durable)
    await runTo(13, versioned(5, migrate), durable)
    const written = await runTo(Infinity, versioned(5, migrate), durable)
    expect(seen).toHaveLength(2)
    expect(seen).toEqual(
      expect.arrayContaining([
        [[25, 2], 2],
        [[30, 2], 2],
      ]),
    )
    expect(written.at(-1)).toBe('110 since 2')
  })

  test.each([
    [1, 'version 2, which a later program has written', 2],
    [3, "version 2, and no 'migrate' to make it so", 2],
  ])('refused by %s', async (version, got, from) => {
    const atMost = version < from ? ' at most' : ''
    expect(await failureOf(after(versioned(from), versioned(version)))).toMatchObject({
      code: 'checkpoint',
      operator: 'mapWithState',
      message: `mapWithState: expected state of version ${version}${atMost}, got ${got}`,
    })
  })

  test('what throws while it migrates is named', async () => {
    const failing = versioned(2, () => {
      throw new Error('boom')
    })
    expect(await failureOf(after(versioned(1), failing))).toMatchObject({
      code: 'callback',
      operator: 'mapWithState',
      message: 'mapWithState: boom',
    })
  })

  test('is that of states too that were not asked for since, where the store reads them one by one', async () => {
    const spread = numbers.pipe(keyBy((n) => n % 7))
    const sums = (version: number): Observable<unknown> =>
      spread.pipe(
        aggregate(
          fold({
            create: () => (version === 1 ? 0 : [0]) as unknown,
            add: (total, n: number) => (version === 1 ? Number(total) + n : [Number((total as number[])[0]) + n]),
            result: (total) => (version === 1 ? total : (total as number[])[0]),
            version,
            migrate: (total) => [total],
          }),
          { keep: 'forever' },
        ),
        changes(),
      )
    const durable = nothingDurable()
    const paged = { store: () => new MemoryStore(durable, new Fate(), true) }
    await runTo(10, sums(1), durable, paged)
    await runTo(11, sums(2), durable, paged)
    const written = await runTo(Infinity, sums(2), durable, paged)
    expect(written.at(-1)).toMatchObject({ op: '+', key: 6, value: 6 + 13 + 20 })
    expect(written.at(-3)).toMatchObject({ op: '+', key: 5, value: 5 + 12 + 19 })
  })

  test('a refusal leaves the checkpoint as it is', async () => {
    const durable = nothingDurable()
    await runTo(10, versioned(2), durable)
    await failureOf(runTo(Infinity, versioned(1), durable))
    expect((await runTo(Infinity, versioned(2), durable)).at(-1)).toBe('110 since 2')
  })
})

describe('aggregates', () => {
  const hits = { hits: count(), most: max<number>() }

  test('one that was added begins with nothing, the others go on', async () => {
    const written = await after(totals(combine(hits)), totals(combine({ total: sum(), ...hits })))
    expect(written.slice(0, 2)).toMatchObject([
      { op: '-', value: { hits: 3, most: 5 } },
      { op: '+', value: { hits: 4, most: 7, total: 7 } },
    ])
  })

  test.each([
    ['one that is missing', combine(hits), combine({ hits: count() }), "'most'"],
    [
      'one in a record of its own',
      combine({ both: combine(hits) }),
      combine({ both: combine({ hits: count() }) }),
      "both: expected a state with 'most'",
    ],
    ['one in place of several', combine(hits), count(), ''],
    ['another one', sum(), max<number>(), "expected state of 'max', got that of 'sum'"],
    [
      'another one of a name',
      combine({ all: sum() }),
      combine({ all: count() }),
      "all: expected state of 'count', got that of 'sum'",
    ],
  ] as readonly (readonly [
    string,
    Aggregate<number, unknown, unknown>,
    Aggregate<number, unknown, unknown>,
    string,
  ])[])('%s is refused', async (_, earlier, later, message) => {
    const failure = await failureOf(after(totals(earlier), totals(later)))
    expect(failure).toMatchObject({ code: 'checkpoint', operator: 'aggregate' })
    expect((failure as Error).message).toContain(message)
  })

  test('one that is missing may go when it is said, also in a record of its own', async () => {
    const [one] = await after(totals(combine(hits)), totals(combine({ hits: count() })), { drop: ['aggregate.most'] })
    expect(one).toMatchObject({ value: { hits: 3 } })
    const nested = combine({ both: combine(hits) })
    const drop = ['aggregate.both.most']
    const written = await after(totals(nested), totals(combine({ both: combine({ hits: count() }) })), { drop })
    expect(written[1]).toMatchObject({ value: { both: { hits: 4 } } })
  })

  test('any of them takes a version beside what it is', async () => {
    const names = { ...collect((n: number) => `${n}`), version: 2, migrate: (values: unknown) => values as never }
    const written = await after(totals(collect((n: number) => `${n}`)), totals(names))
    expect(written[1]).toMatchObject({ value: ['1', '3', '5', '7'] })
  })

  test('of what has begun to be taken back are refused', async () => {
    const given = numbers.pipe(aggregate(sum(), { keep: 'forever', id: 'sums' }))
    const insertOnly = numbers.pipe(window(tumbling(100), count()), changes())
    const revised = given.pipe(window(tumbling(100), count()), changes())
    const durable = nothingDurable()
    // Values that go by write something.
    const beside = (id: string): Observable<unknown> =>
      numbers.pipe(
        mapWithState(0, (n) => [n + 1, n], { keep: 1, id }),
        values(),
      )
    const both = (one: Observable<unknown>): Observable<unknown> => merged(one, beside('beside'))
    await runTo(10, both(insertOnly), durable)
    expect(await failureOf(runTo(Infinity, both(revised), durable))).toMatchObject({
      code: 'checkpoint',
      operator: 'window',
      message:
        'window: expected state of a stream that takes values back, got that of a stream that takes nothing back',
    })
  })

  test.each([
    [{ version: 0 }, 'fold: version must be a whole number > 0, got 0'],
    [{ version: 1.5 }, 'fold: version must be a whole number > 0, got 1.5'],
    [{ migrate: 1 as never }, 'fold: migrate must be a function, got 1'],
  ])('options that are none: %j', (options, message) => {
    expect(() => fold({ create: () => 0, add: (n: number) => n, ...options })).toThrow(message)
  })
})

describe('the states of a process', () => {
  function processed(state: StateSpecs): Observable<unknown> {
    return numbers.pipe(
      process(
        {
          state,
          onEvent({ value }, { state: handles }, emit: Emit<unknown>) {
            const last = handles['last'] as {
              value?: number
              set?(n: number): void
              size?: number
              push?(n: number): void
            }
            emit(last.value ?? last.size ?? 'nothing')
            last.set?.(value)
            last.push?.(value)
          },
        },
        { keep: 'forever' },
      ),
      values(),
    )
  }

  test('one that was added begins with nothing', async () => {
    const written = await after(
      processed({ last: valueState<number>() }),
      processed({ other: mapState<number, number>(), last: valueState<number>() }),
    )
    expect(written.slice(0, 2)).toEqual([9, 10])
  })

  test.each([
    [{ last: listState<number>() }, "process: last: expected state of 'list', got that of 'value'"],
    [
      { last: valueState<number>(), more: valueState<number>() },
      "process: expected a state with 'gone', which the checkpoint has, got one without; name what may go in checkpoint.drop, behind the id and a dot",
    ],
  ])('refused: %j', async (later, message) => {
    const earlier = processed({ last: valueState<number>(), gone: valueState<number>() })
    expect(await failureOf(after(earlier, processed(later)))).toMatchObject({ code: 'checkpoint', message })
  })

  test('one that is missing may go when it is said', async () => {
    const earlier = processed({ last: valueState<number>(), gone: valueState<number>() })
    const written = await after(earlier, processed({ last: valueState<number>() }), { drop: ['process.gone'] })
    expect(written[0]).toBe(9)
  })

  test.each([
    [() => valueState({ version: -1 }), 'valueState: version must be a whole number > 0, got -1'],
    [() => mapState({ version: Number.NaN }), 'mapState: version must be a whole number > 0, got NaN'],
    [() => listState({ migrate: 'x' as never }), "listState: migrate must be a function, got 'x'"],
    [
      () => mapWithState(0, () => [0, 0], { keep: 1, version: 0 }),
      'mapWithState: version must be a whole number > 0, got 0',
    ],
  ])('options that are none: %s', (build, message) => {
    expect(build).toThrow(message)
  })
})

describe('the layout of an operator', () => {
  /** Keeps the last number of each key. */
  function last(version: number, migrations: SavedState['migrations']): Observable<unknown> {
    return defineOperator<Event<number, string>, Event<number, string>>([numbers], {
      retracts: 'never',
      name: 'last',
      create(context) {
        const cells = new SavedMap<unknown, { readonly key: unknown; isChanged: boolean }>(context.dirty)
        const saved = cells.saved({ save: () => 0, load: (key) => ({ key, isChanged: false }) })
        return {
          saved: { version, migrations, ...saved },
          onEvent(event) {
            if (cells.get(event.key) === undefined) cells.add({ key: event.key, isChanged: false })
            context.emit(event)
          },
        }
      },
    }).pipe(changes())
  }

  test.each([
    [
      1,
      {},
      'last: expected a checkpoint with version 1 of its state at most, got 2, which a later program has written',
    ],
    [3, {}, 'last: expected a checkpoint with version 3 of its state, got 2, and no migration from 2'],
    [4, { 2: () => [] }, 'last: expected a checkpoint with version 4 of its state, got 2, and no migration from 3'],
  ])('refused by %s', async (version, migrations, message) => {
    const failure = await failureOf(after(last(2, undefined), last(version, migrations)))
    expect(failure).toMatchObject({ code: 'checkpoint', operator: 'last', message })
  })

  test('may lose its cells', async () => {
    const durable = nothingDurable()
    await runTo(10, last(1, undefined), durable)
    expect(durable.cells.get('last')?.size).toBe(2)
    await runTo(11, last(2, { 1: () => [] }), durable)
    expect(durable.cells.get('last')?.size).toBe(1)
  })
})
