import { from, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { toTable, type ToTableOptions } from './to-table.ts'

type Cell = number | null

/** Runs a diagram through a table, and expects it to come out as drawn. */
async function expectTable(diagram: string, options: ToTableOptions<Cell, string, undefined> = {}): Promise<void> {
  const late = sideOutput<Event<Cell, string, undefined>>('late')
  const { actual, expected } = await runMarbles<Cell>(diagram, ({ in: source }) => ({
    out: source.pipe(toTable({ ...options, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

describe('a row', () => {
  test('leaves at once, and takes the one before back with the time that had, whatever the times', async () => {
    await expectTable(`
      in    x:1@5  x:2@9         y:3@1  x:4@2         ~9  x:5@3         |
      out   x:1@5  -x:1@5&x:2@9  y:3@1  -x:2@9&x:4@2  ~9  -x:4@2&x:5@3  |
      late
    `)
  })

  test('leaves though it is equal to the one before', async () => {
    await expectTable(`
      in    1@1  1@1
      out   1@1  -1@1&1@1
      late
    `)
  })

  test('is deleted once; a delete of what is not there gives nothing', async () => {
    await expectTable(`
      in    null@1  1@2  null@1  null@3  2@0
      out           1@2  -1@2            2@0
      late
    `)
  })

  test.each([null, undefined])('is deleted by %s', async (nothing) => {
    const table = fromIterable([event<number | null | undefined, string>(5, 1, 'x'), event(nothing, 3, 'x')]).pipe(
      toTable(),
    )
    expect(await collect(table)).toEqual([event(5, 1, 'x'), event(5, 1, 'x', -1), watermark(Infinity)])
  })

  test.each([0, '', false, Number.NaN])('may be %o, which deletes nothing', async (row) => {
    expect(await collect(fromIterable([event(row, 1, 'x')]).pipe(toTable()))).toEqual([
      event(row, 1, 'x'),
      watermark(Infinity),
    ])
  })

  test('is deleted by what `isDelete` says, which is not asked of null', async () => {
    await expectTable(
      `
      in    1@1  +-1@2  2@3  null@4
      out   1@1  -1@1   2@3  -2@3
      late
      `,
      { isDelete: (n) => Math.sign(n) < 0 },
    )
  })
})

describe("with outOfOrder: 'ignore'", () => {
  const ignore = { outOfOrder: 'ignore' } as const

  test('a change is late when it is older than the last one of its key; of equal times the later one counts', async () => {
    await expectTable(
      `
      in    x:1@5  x:2@4     y:3@4  x:4@5         x:null@4     x:null@5
      out   x:1@5            y:3@4  -x:1@5&x:4@5               -x:4@5
      late         L(x:2@4)                       L(x:null@4)
      `,
      ignore,
    )
  })

  test('nothing older than a delete brings a row back, nor when there was none', async () => {
    await expectTable(
      `
      in    x:1@1  x:null@5  x:2@4     x:3@5  y:null@5  y:4@4     y:5@6
      out   x:1@1  -x:1@1              x:3@5                      y:5@6
      late                   L(x:2@4)                   L(y:4@4)
      `,
      ignore,
    )
  })

  test('of deletes that the watermark has passed the latest holds for all keys without a row', async () => {
    await expectTable(
      `
      in    x:1@1  z:9@1  x:null@3  y:null@5  ~5  y:2@4     x:3@2     x:4@3  ~6  u:5@4     u:6@5  z:8@2
      out   x:1@1  z:9@1  -x:1@1              ~5                      x:4@3  ~6            u:6@5  -z:9@1&z:8@2
      late                                        L(y:2@4)  L(x:3@2)             L(u:5@4)
      `,
      ignore,
    )
  })

  test('a delete of a row that is older than that is not the latest', async () => {
    await expectTable(
      `
      in    x:1@1  y:1@1  x:null@5  ~6  y:null@2  ~7  z:1@4     z:2@5
      out   x:1@1  y:1@1  -x:1@1        -y:1@1                  z:2@5
      late                                            L(z:1@4)
      `,
      ignore,
    )
  })
})

describe('keep', () => {
  test('says how late a change may be: 1 ms more is late', async () => {
    await expectTable(
      `
      in    1@10  ~13  2@9     3@10
      out   1@10               -1@10&3@10
      late             L(2@9)
      `,
      { keep: 3 },
    )
  })

  test('says when a row is taken back: when the watermark has passed its latest change by more', async () => {
    await expectTable(
      `
      in    1@10  2@8         ~13  ~14    3@12
      out   1@10  -1@10&2@8        -2@8   3@12
      late
      `,
      { keep: 3 },
    )
  })

  test('is forever unless given, and what stands in the end is not taken back', async () => {
    await expectTable(
      `
      in    1@10  ~99  |
      out   1@10
      late
      `,
    )
    await expectTable(
      `
      in    1@10  |
      out   1@10
      late
      `,
      { keep: 3 },
    )
  })
})

describe('state', () => {
  test('is a row a key, and the deletes that the watermark has not passed', async () => {
    const source = new Subject<Element<Cell, string, undefined>>()
    const job = run(source.pipe(toTable({ outOfOrder: 'ignore' })), () => {})
    const metrics = async (): Promise<unknown> => {
      await turns()
      return job.metrics().operators[0]
    }
    await turns()
    for (const cell of [1, 2, 3]) source.next(event(cell, 5, 'x'))
    source.next(event(1, 7, 'y'))
    expect(await metrics()).toMatchObject({ in: 4, contributed: 2, held: 2, entries: 2 })
    source.next(event(null, 8, 'y'))
    source.next(event(1, 7, 'y'))
    expect(await metrics()).toMatchObject({ in: 6, contributed: 3, late: 1, held: 2, entries: 2 })
    source.next(watermark(8))
    expect(await metrics()).toMatchObject({ held: 2 })
    source.next(watermark(9))
    expect(await metrics()).toMatchObject({ contributed: 4, held: 1 })
    source.next(event(null, 9, 'x'))
    source.next(watermark(10))
    expect(await metrics()).toMatchObject({ in: 7, out: 8, contributed: 6, late: 1, held: 0, entries: 0 })
    source.complete()
    expect((await job.done).balanced).toBe(true)
  })

  test('is gone after the end: what comes then is late', async () => {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const source = from([event(1, 1, 'a'), watermark(Infinity), event(2, 2, 'a')])
    const { operators } = await run(source.pipe(toTable({ late })), () => {}).done
    expect(operators[0]).toMatchObject({ in: 2, out: 1, contributed: 1, late: 1, held: 0, entries: 0 })
  })

  test('counts what its results push back into it', async () => {
    const source = new Subject<Element<number, string, undefined>>()
    const table = source.pipe(
      toTable(),
      tap((element) => {
        if (element.kind === 'event' && element.diff === 1 && element.value < 3) {
          source.next(event(element.value + 1, element.time, 'x'))
        }
      }),
    )
    const job = run(table, () => {})
    await turns()
    source.next(event(1, 1, 'x'))
    source.complete()
    const { operators, balanced } = await job.done
    expect(balanced).toBe(true)
    expect(operators[0]).toMatchObject({ in: 3, out: 5, contributed: 3 })
  })
})

describe('an error', () => {
  test.each<[string, ToTableOptions<number, string, undefined>, string, string]>([
    [
      'outOfOrder',
      { outOfOrder: 'drop' as 'ignore' },
      'invalid-argument',
      "toTable: outOfOrder must be one of 'arrival', 'ignore', got 'drop'",
    ],
    ['keep', { keep: -1 }, 'invalid-argument', 'toTable: keep must be >= 0, got -1'],
  ])('is an option that is none: %s', (_, options, code, message) => {
    expect(() => toTable(options)).toThrow(expect.objectContaining({ code, message }))
  })

  test('is a retraction, though it got past the types', async () => {
    const retraction = from([event(1, 1, 'x', -1)]) as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(retraction.pipe(toTable())))).toMatchObject({
      code: 'unsupported',
      message:
        'toTable: expected insertions only, got a retraction; what takes values back is a table already ' +
        "(key 'x', event time 1)",
    })
  })

  test('of isDelete names key and event time', async () => {
    const isDelete = (): boolean => {
      throw new Error('boom')
    }
    expect(await failureOf(collect(fromIterable([event(1, 1, 'x')]).pipe(toTable({ isDelete }))))).toMatchObject({
      code: 'callback',
      message: "toTable: boom (key 'x', event time 1)",
    })
  })
})

test('says that it takes back, also to those who do not see the types', () => {
  expect(isInsertOnlyStream(fromIterable([event(1, 1, 'x')]).pipe(toTable()))).toBe(false)
})
