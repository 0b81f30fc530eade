import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { count } from '../lib/aggregates/count.ts'
import { type Diff, type Element, event, type Event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { aggregate } from './aggregate.ts'
import { map } from './map.ts'
import { topN, type TopNOptions } from './top-n.ts'
import { toTable } from './to-table.ts'

type Cell = number | null

/** Runs a diagram through a table and its ranking, whose rows are written `rank.key.value`, and expects it to come out as drawn. */
async function expectTop(diagram: string, n: number, options: TopNOptions<number, string> = {}): Promise<void> {
  const { actual, expected } = await runMarbles<Cell>(diagram, ({ in: source }) => ({
    out: source.pipe(
      toTable(),
      topN(n, (value) => Math.abs(value), options),
      map(({ rank, key, value }) => `${rank}.${key}.${value}`),
    ),
  }))
  expect(actual).toBe(expected)
}

describe('a change', () => {
  test('moves what stands behind it, and nothing else', async () => {
    await expectTop(
      `
      in   a:5@1    b:3@2    c:4@3                    d:1@4  c:6@5
      out  1.a.5@1  2.b.3@2  -2.b.3@2&2.c.4@3&3.b.3@3        -1.a.5@1&-2.c.4@3&1.c.6@5&2.a.5@5
      `,
      3,
    )
  })

  test('beyond the first ranks is not told, and brings up the next when one of them goes', async () => {
    await expectTop(
      `
      in   a:5@1    b:3@2  c:4@3  b:2@4  a:null@9            c:null@9           b:null@9
      out  1.a.5@1                       -1.a.5@1&1.c.4@1    -1.c.4@1&1.b.2@3   -1.b.2@3
      `,
      1,
    )
  })

  test('that leaves a rank as it was gives nothing', async () => {
    await expectTop(
      `
      in   a:5@1    a:5@2  b:5@3
      out  1.a.5@1         2.b.5@3
      `,
      2,
    )
  })

  test('of another value at the same rank is told', async () => {
    await expectTop(
      `
      in   a:5@1    a:-5@2
      out  1.a.5@1  -1.a.5@1&1.a.-5@2
      `,
      2,
    )
  })

  test('comes anew among equally good ones', async () => {
    await expectTop(
      `
      in   a:5@1    b:5@2    a:-5@3
      out  1.a.5@1  2.b.5@2  -1.a.5@1&-2.b.5@2&1.b.5@3&2.a.-5@3
      `,
      2,
    )
  })
})

test('each group has a ranking of its own, under its name', async () => {
  await expectTop(
    `
    in   a:5@1         b:2@2          a:4@3
    out  odd:1.a.5@1   even:1.b.2@2   -odd:1.a.5@1&-even:1.b.2@2&even:1.a.4@3
    `,
    1,
    { of: (value) => (value % 2 === 0 ? 'even' : 'odd') },
  )
})

test('an aggregate in front revises a rank at once, not in two steps', async () => {
  const hits = ['a', 'b', 'a', 'b', 'b'].map((page, i) => event(page, i, page))
  const out = await collect(
    fromIterable(hits).pipe(
      aggregate(count(), { keep: 'forever' }),
      topN(1, (n) => n),
    ),
  )
  expect(out).toEqual([
    event({ rank: 1, key: 'a', value: 1 }, 0),
    event({ rank: 1, key: 'a', value: 1 }, 0, undefined, -1),
    event({ rank: 1, key: 'a', value: 2 }, 2),
    event({ rank: 1, key: 'a', value: 2 }, 2, undefined, -1),
    event({ rank: 1, key: 'b', value: 3 }, 4),
    watermark(Infinity),
  ])
})

test('ranks texts and bigints, too', async () => {
  const table = fromIterable([event('pear', 1, 'a'), event('plum', 1, 'b')]).pipe(toTable())
  const values = async (out: ReturnType<typeof collect>): Promise<unknown> =>
    (await out).flatMap((element) => {
      const { kind, value } = element as { kind: string; value: { rank: number; key: string } }
      return kind === 'event' ? [`${value.rank}${value.key}`] : []
    })
  expect(await values(collect(table.pipe(topN(1, (name) => name))))).toEqual(['1a', '1a', '1b'])
  expect(await values(collect(table.pipe(topN(1, (name) => BigInt(name.length)))))).toEqual(['1a'])
})

describe('state', () => {
  test('is a row a key, freed when it is taken back, and at the end', async () => {
    const source = new Subject<Element<Cell, string, undefined>>()
    const job = run(
      source.pipe(
        toTable(),
        topN(1, (n) => n),
      ),
      () => {},
    )
    const metrics = async (): Promise<unknown> => {
      await turns()
      return job.metrics().operators[1]
    }
    await turns()
    source.next(event(1, 1, 'a'))
    source.next(event(2, 1, 'b'))
    expect(await metrics()).toMatchObject({ in: 2, held: 2, entries: 3, contributed: 0 })
    source.next(event(null, 1, 'a'))
    expect(await metrics()).toMatchObject({ in: 3, held: 1, entries: 2, contributed: 2 })
    source.next(event(null, 1, 'b'))
    expect(await metrics()).toMatchObject({ in: 4, held: 0, entries: 0, contributed: 4 })
    source.next(event(3, 1, 'c'))
    source.complete()
    expect((await job.done).operators[1]).toMatchObject({ in: 5, held: 0, entries: 0, contributed: 5 })
  })
})

describe('an error', () => {
  test.each([0, -1, 1.5])('is a number of ranks that is none: %s', (n) => {
    expect(() => topN(n, (value: number) => value)).toThrow(`topN: expected a whole number of ranks above 0, got ${n}`)
  })

  test('is what is no function', () => {
    expect(() => topN(1, 'value' as unknown as (value: number) => number)).toThrow('topN: expected a function')
  })

  test.each<[string, readonly Event<number, string, undefined, Diff>[], string]>([
    [
      'a second row',
      [event(1, 1, 'a'), event(2, 2, 'a')],
      'expected the row of the key to be taken back before the next',
    ],
    ['a row that is not there', [event(1, 1, 'a', -1)], 'expected to take back a row that is there, got 1'],
    [
      'a row that is another',
      [event(1, 1, 'a'), event(2, 1, 'a', -1)],
      'expected to take back a row that is there, got 2',
    ],
  ])('is %s', async (_, input, message) => {
    const error = await failureOf(collect(fromIterable(input).pipe(topN(1, (n) => n))))
    expect(error).toMatchObject({ code: 'unsupported', message: expect.stringContaining(message) as string })
  })

  test.each([
    ['NaN', [Number.NaN], 'topN: expected a number, a text or a bigint, got NaN'],
    ['of two kinds', [1, 'a'], "topN: expected values of one kind, got 'a' beside 1"],
  ])('is a rank that is %s', async (_, values, message) => {
    const table = fromIterable(values.map((value, i) => event(value, 1, i))).pipe(toTable())
    const error = await failureOf(collect(table.pipe(topN(1, (value) => value))))
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(message) as string })
  })
})

test('says that it takes back, also to those who do not see the types', () => {
  expect(isInsertOnlyStream(fromIterable([event(1, 1, 'x')]).pipe(topN(1, (n) => n)))).toBe(false)
})
