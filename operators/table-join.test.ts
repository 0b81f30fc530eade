import { from, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { type Diff, type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { run } from '../lib/run.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { aggregate } from './aggregate.ts'
import { map } from './map.ts'
import { tableJoin, type TableJoined, type TableJoinKind, type TableJoinOptions } from './table-join.ts'
import { toTable } from './to-table.ts'

type Texts = Stream<string, string, undefined, Diff>
type Row = Event<string, string, undefined, Diff>
type View = Stream<TableJoined<TableJoinKind, string, string>, string, undefined, Diff>

/** Shows the row of `a` and `A` as `a_A`. */
function shown(view: View): Texts {
  return view.pipe(map(({ left, right }) => `${left ?? 'none'}_${right ?? 'none'}`))
}

/** Runs a diagram in which upserts and deletes make the tables, and expects the view to come out as drawn. */
async function expectJoin(diagram: string, kind: TableJoinKind = 'inner'): Promise<void> {
  const { actual, expected } = await runMarbles<string | null>(diagram, ({ left, right }) => ({
    out: shown(left.pipe(toTable(), tableJoin(right.pipe(toTable()), { kind }))),
  }))
  expect(actual).toBe(expected)
}

/** The same, where a left row goes with the right key that is its first letter, and `nobody` with none. */
async function expectForeign(diagram: string, kind: 'inner' | 'left'): Promise<void> {
  const on = (text: string): string | undefined => (text === 'nobody' ? undefined : text.charAt(0))
  const { actual, expected } = await runMarbles<string | null>(diagram, ({ left, right }) => ({
    out: shown(left.pipe(toTable(), tableJoin(right.pipe(toTable()), { kind, on }))),
  }))
  expect(actual).toBe(expected)
}

/** A row that comes, meets another one, loses it, and goes, on both sides. */
const alone: Readonly<Record<TableJoinKind, string>> = {
  inner: `
    left   a@2         null@4          b@6
    right       A@3            null@5       B@1    null@9
    out         a_A@3  -a_A@3               b_B@6  -b_B@6
  `,
  left: `
    left   a@2                        null@4          b@6
    right            A@3                      null@5            B@1              null@9
    out    a_none@2  -a_none@2&a_A@3  -a_A@3          b_none@6  -b_none@6&b_B@6  -b_B@6&b_none@6
  `,
  right: `
    left   a@2         null@4                      b@6
    right       A@3                     null@5          B@1    null@9
    out         a_A@3  -a_A@3&none_A@3  -none_A@3       b_B@6  -b_B@6
  `,
  full: `
    left   a@2                        null@4                      b@6
    right            A@3                               null@5               B@1              null@9
    out    a_none@2  -a_none@2&a_A@3  -a_A@3&none_A@3  -none_A@3  b_none@6  -b_none@6&b_B@6  -b_B@6&b_none@6
  `,
}

describe('a row of the view', () => {
  test('has the later time of its parts, and is taken back with the time it had', async () => {
    await expectJoin(`
      left   a@5                       null@1  b@2
      right       A@3    B@9                          null@4
      out         a_A@5  -a_A@5&a_B@9  -a_B@9  b_B@9  -b_B@9
    `)
  })

  test('is of one key', async () => {
    await expectJoin(`
      left   x:a@1  y:b@2
      right                z:A@3  y:B@4    x:C@5
      out                         y:b_B@4  x:a_C@5
    `)
  })

  test.each<TableJoinKind>(['inner', 'left', 'right', 'full'])('may be alone as the kind says: %s', async (kind) => {
    await expectJoin(alone[kind], kind)
  })

  test('is not said to be alone while its partner is replaced', async () => {
    await expectJoin(
      `
      left   a@1                        b@2
      right            A@1                            B@3
      out    a_none@1  -a_none@1&a_A@1  -a_A@1&b_A@2  -b_A@2&b_B@3
      `,
      'full',
    )
  })

  test('does not wait for the watermark, and may leave behind it', async () => {
    await expectJoin(`
      left   a@1  ~4             null@2      |
      right           A@3    ~9                 null@1  |
      out             a_A@3  ~4  -a_A@3      ~9         |
    `)
  })

  test('is alone at once, where a retraction comes by itself and not in an update', async () => {
    const { actual, expected } = await runMarbles<string, Diff>(
      `
      left   a@1                        -a@1             b@2
      right            A@1
      out    a_none@1  -a_none@1&a_A@1  -a_A@1&none_A@1  -none_A@1&b_A@2
      `,
      ({ left, right }) => ({ out: shown(left.pipe(tableJoin(right, { kind: 'full' }))) }),
    )
    expect(actual).toBe(expected)
  })
})

describe('with a foreign key', () => {
  test('many left rows go with one right row, which changes the rows of all of them', async () => {
    await expectForeign(
      `
      left   x:Ka@1       y:Kb@5       z:Lc@3       u:nobody@4
      right                                                          K:1@2
      out    x:Ka_none@1  y:Kb_none@5  z:Lc_none@3  u:nobody_none@4  -x:Ka_none@1&x:Ka_1@2&-y:Kb_none@5&y:Kb_1@5

      left
      right  K:2@9                                  L:3@1                  K:null@0
      out    -x:Ka_1@2&-y:Kb_1@5&x:Ka_2@9&y:Kb_2@9  -z:Lc_none@3&z:Lc_3@3  -x:Ka_2@9&-y:Kb_2@9&x:Ka_none@1&y:Kb_none@5
      `,
      'left',
    )
  })

  test('a left row may go from one to another, and to none', async () => {
    await expectForeign(
      `
      left                 x:Ka@3    y:Kb@5    x:Lc@6              x:nobody@7  x:Lc@8    y:null@9
      right  K:1@2  L:2@4
      out                  x:Ka_1@3  y:Kb_1@5  -x:Ka_1@3&x:Lc_2@6  -x:Lc_2@6   x:Lc_2@8  -y:Kb_1@5
      `,
      'inner',
    )
  })

  test('is asked once for each row', async () => {
    const asked: string[] = []
    const on = (text: string): string => {
      asked.push(text)
      return text
    }
    const left = fromIterable([event('a', 1, 'x'), event('b', 2, 'x')]).pipe(toTable())
    await collect(left.pipe(tableJoin(fromIterable([event('A', 1, 'a')]).pipe(toTable()), { on })))
    expect(asked).toEqual(['a', 'b'])
  })
})

test('takes the changelog of an aggregate', async () => {
  const totals = fromIterable([event(1, 1, 'x'), event(2, 5, 'x')]).pipe(aggregate(sum(), { keep: 'forever' }))
  const names = fromIterable([event('X', 0, 'x')]).pipe(toTable())
  const view = names.pipe(tableJoin(totals, { kind: 'left' }))
  const standing = new Map<string, unknown>()
  for (const element of await collect(view)) {
    if (element.kind !== 'event') continue
    if (element.diff === 1) standing.set(element.key, element.value)
    else standing.delete(element.key)
  }
  expect([...standing]).toEqual([['x', { left: 'X', right: 3 }]])
})

describe('state', () => {
  test('is the rows of both tables, and nothing when all is deleted', async () => {
    const { left, right, metrics } = started()
    left.next(event('a', 1, 'x'))
    left.next(event('b', 1, 'y'))
    right.next(event('A', 1, 'x'))
    expect(await metrics()).toMatchObject({ in: 3, out: 4, contributed: 0, held: 3, entries: 2 })
    left.next(event('a', 1, 'x', -1))
    expect(await metrics()).toMatchObject({ in: 4, contributed: 2, held: 2, entries: 2 })
    right.next(event('A', 1, 'x', -1))
    left.next(event('b', 1, 'y', -1))
    expect(await metrics()).toMatchObject({ in: 6, out: 6, contributed: 6, held: 0, entries: 0 })
  })

  test('is gone after the end: what comes then is late', async () => {
    const { left, right, metrics } = started()
    for (const input of [left, right]) input.next(event('a', 1, 'x'))
    for (const input of [left, right]) input.next(watermark(Infinity))
    for (const input of [left, right]) input.next(event('b', 2, 'y'))
    expect(await metrics()).toMatchObject({ in: 4, late: 2, contributed: 2, held: 0, entries: 0 })
  })
})

test('a row without a key is found again after that of another key has gone', async () => {
  const left = new Subject<Event<string, string | undefined, undefined, Diff>>()
  const seen: string[] = []
  const view = left.pipe(tableJoin(from<Event<string, string | undefined>[]>([]), { kind: 'left' }))
  view.subscribe((element) => {
    if (element.kind === 'event') seen.push(`${element.diff === 1 ? '+' : '-'}${element.value.left}`)
  })
  await turns()
  left.next(event('a', 1, undefined))
  left.next(event('b', 1, 'y'))
  left.next(event('b', 1, 'y', -1))
  left.next(event('a', 1, undefined, -1))
  expect(seen).toEqual(['+a', '+b', '-b', '-a'])
})

test('what its results push back into it comes after the change that led to it', async () => {
  const left = new Subject<Row>()
  const right = new Subject<Row>()
  const seen: string[] = []
  const view = shown(left.pipe(tableJoin(right, { kind: 'left', on: () => 'K' }))).pipe(
    tap((element) => {
      if (element.kind !== 'event') return
      seen.push(`${element.diff === 1 ? '+' : '-'}${element.value}`)
      if (element.value === 'a_A') left.next(event('b', 1, 'y', -1))
    }),
  )
  const job = run(view, () => {})
  await turns()
  left.next(event('a', 1, 'x'))
  left.next(event('b', 1, 'y'))
  right.next(event('A', 1, 'K'))
  expect(seen).toEqual(['+a_none', '+b_none', '-a_none', '+a_A', '-b_none', '+b_A', '-b_A'])
  expect(job.metrics().balanced).toBe(true)
  left.complete()
  right.complete()
  expect((await job.done).balanced).toBe(true)
})

describe('an error', () => {
  test.each<[string, TableJoinOptions, string]>([
    [
      'no kind',
      { kind: 'semi' as TableJoinKind },
      "tableJoin: kind must be one of 'inner', 'left', 'right', 'full', got 'semi'",
    ],
    [
      'right rows alone, which have no left key',
      { kind: 'full', on: () => 'K' } as TableJoinOptions,
      "tableJoin: kind must be one of 'inner', 'left', got 'full'",
    ],
  ])('is an option that is none: %s', (_, options, message) => {
    const right: Texts = from<Row[]>([])
    expect(() => tableJoin(right, options)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  })

  test.each<[string, readonly Row[], string]>([
    ['of a key that never was', [event('a', 1, 'x', -1)], "expected to take back a row that is there, got 'a'"],
    [
      'twice',
      [event('a', 1, 'x'), event('a', 1, 'x', -1), event('a', 1, 'x', -1)],
      "expected to take back a row that is there, got 'a'",
    ],
    ['of another value', [event('b', 1, 'x'), event('a', 1, 'x', -1)], 'expected to take back a row that is there'],
    ['of another time', [event('a', 2, 'x'), event('a', 1, 'x', -1)], 'expected to take back a row that is there'],
    [
      'that is missing: the next row comes before the last one is taken back',
      [event('b', 1, 'x'), event('a', 1, 'x')],
      "expected the row of the key to be taken back before the next one, got 'a'; make a table with toTable",
    ],
  ])('is a retraction %s, on either side', async (_, rows, message) => {
    for (const [left, right] of [
      [rows, []],
      [[], rows],
    ] as const) {
      const join = from<readonly Row[]>(left).pipe(tableJoin(from<readonly Row[]>(right)))
      expect(await failureOf(collect(join))).toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining(`tableJoin: ${message}`) as string,
        key: 'x',
        time: 1,
      })
    }
  })

  test('is no retraction of an object that was made anew, and stands for the same row', async () => {
    const objects = fromIterable([event(1, 1, 'x'), event(2, 2, 'x')]).pipe(
      toTable(),
      map((n) => ({ n })),
    )
    const standing = (await collect(objects.pipe(tableJoin(from<Row[]>([]), { kind: 'left' })))).at(-2)
    expect(standing).toEqual(event({ left: { n: 2 }, right: undefined }, 2, 'x'))
  })

  test('is a key that is none', async () => {
    const right = fromIterable([event('A', 1, 'x')]).pipe(toTable())
    const join = fromIterable([event('a', 1, 'x')]).pipe(tableJoin(right, { on: () => ({}) as string }))
    expect(await failureOf(collect(join))).toMatchObject({
      code: 'invalid-key',
      message: expect.stringContaining('expected on() to give a key') as string,
    })
  })

  test('in a sink behind it does not stay with the jobs that follow', async () => {
    const join = (): Texts =>
      shown(
        fromIterable<Element<string | null, string, undefined>>([event('a', 1, 'x'), event('b', 2, 'x')]).pipe(
          toTable(),
          tableJoin(fromIterable([event('A', 1, 'x')]).pipe(toTable()), { kind: 'full' }),
        ),
      )
    const failing = join().pipe(
      map((text): string => {
        if (text === 'b_A') throw new Error('boom')
        return text
      }),
    )
    expect(await failureOf(collect(failing))).toMatchObject({ code: 'callback' })
    const texts = (await collect(join())).map((element) => (element.kind === 'event' ? element.value : element.kind))
    expect(texts.at(-1)).toBe('watermark')
    expect(texts.at(-2)).toBe('b_A')
  })
})

test('says that it takes back, also to those who do not see the types', () => {
  const stream = fromIterable([event('a', 1, 'x')])
  expect(isInsertOnlyStream(stream.pipe(tableJoin(stream)))).toBe(false)
})

/** A left join under way, whose inputs can be pushed into. */
function started(): {
  readonly left: Subject<Element<string, string, undefined, Diff>>
  readonly right: Subject<Element<string, string, undefined, Diff>>
  metrics(): Promise<OperatorMetrics | undefined>
} {
  const left = new Subject<Element<string, string, undefined, Diff>>()
  const right = new Subject<Element<string, string, undefined, Diff>>()
  const job = run(left.pipe(tableJoin(right, { kind: 'left' })), () => {})
  return {
    left,
    right,
    async metrics() {
      await turns()
      return job.metrics().operators.at(-1)
    },
  }
}
