import { from, Subject, tap } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import type { Aggregate } from '../lib/aggregate.ts'
import { collect as collectValues } from '../lib/aggregates/collect.ts'
import { count } from '../lib/aggregates/count.ts'
import { max } from '../lib/aggregates/max.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { type Diff, type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { alive } from '../lib/fixtures/alive.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { aggregate } from './aggregate.ts'
import { assignTimestamps } from './assign-timestamps.ts'

type Revised = Element<number, string, undefined, Diff>

/** Runs a diagram through sums, and expects it to come out as drawn. */
async function expectSums(diagram: string, keep: number | string): Promise<void> {
  const late = sideOutput<Event<number, string, undefined, Diff>>('late')
  const { actual, expected } = await runMarbles<number, Diff>(diagram, ({ in: source }) => ({
    out: source.pipe(aggregate(sum(), { keep, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

describe('a result', () => {
  test('leaves with each event, and takes the one before back with the time it had', async () => {
    await expectSums(
      `
      in    1@5  2@3        ~9  4@20        |
      out   1@5  -1@5&3@3   ~9  -3@3&7@20   |
      late
      `,
      'forever',
    )
  })

  test('of each key is its own', async () => {
    await expectSums(
      `
      in    x:1@1  y:2@2  x:4@3          y:8@4
      out   x:1@1  y:2@2  -x:1@1&x:5@3   -y:2@2&y:10@4
      late
      `,
      'forever',
    )
  })

  test('leaves though it is equal to the one before', async () => {
    await expectSums(
      `
      in    1@1  0@2
      out   1@1  -1@1&1@2
      late
      `,
      'forever',
    )
  })

  test('is revised by what is taken back, at the time of that', async () => {
    await expectSums(
      `
      in    1@1  2@4        -1@1
      out   1@1  -1@1&3@4   -3@4&2@1
      late
      `,
      'forever',
    )
  })

  test('of a key whose values have all been taken back is taken back, and nothing comes in its place', async () => {
    await expectSums(
      `
      in    x:1@1  x:2@4          -x:1@1         y:3@4  -x:2@4  x:9@9
      out   x:1@1  -x:1@1&x:3@4   -x:3@4&x:2@1   y:3@4  -x:2@1  x:9@9
      late
      `,
      'forever',
    )
  })

  test('of a record is one of all its parts', async () => {
    const elements = from([event(5, 1, 'a'), event(3, 2, 'a'), event(5, 1, 'a', -1)])
    expect(await collect(elements.pipe(aggregate({ total: sum(), all: collectValues() }, { keep: '1h' })))).toEqual([
      event({ total: 5, all: [5] }, 1, 'a'),
      event({ total: 5, all: [5] }, 1, 'a', -1),
      event({ total: 8, all: [5, 3] }, 2, 'a'),
      event({ total: 8, all: [5, 3] }, 2, 'a', -1),
      event({ total: 3, all: [3] }, 1, 'a'),
      watermark(Infinity),
    ])
  })

  test('says that it may be revised, also to those who do not see the types', () => {
    const numbers = fromIterable([1]).pipe(assignTimestamps((n) => n, monotonous()))
    expect(isInsertOnlyStream(numbers)).toBe(true)
    expect(isInsertOnlyStream(numbers.pipe(aggregate(count(), { keep: 0 })))).toBe(false)
  })
})

describe('keep', () => {
  test('says how late an event may be: 1 ms more is late', async () => {
    await expectSums(
      `
      in    1@10  ~13  2@9  4@10         8@11
      out   1@10  ~13       -1@10&5@10   -5@10&13@11
      late             L(2@9)
      `,
      3,
    )
  })

  test('0 takes what is in order', async () => {
    await expectSums(
      `
      in    1@5  ~5  2@5        4@4
      out   1@5      -1@5&3@5
      late                      L(4@4)
      `,
      0,
    )
  })

  test('says when a key starts anew: when the watermark has passed its latest event by more; the last result stays', async () => {
    await expectSums(
      `
      in    1@10  2@5          ~13  4@12         ~15  8@13          ~17  16@20
      out   1@10  -1@10&3@5         -3@5&7@12         -7@12&15@13        16@20
      late
      `,
      3,
    )
  })

  test('is for retractions as for insertions: what takes back what was freed is late', async () => {
    await expectSums(
      `
      in    1@1  ~9  -1@1     2@8  -2@8
      out   1@1               2@8  -2@8
      late           L(-1@1)
      `,
      3,
    )
  })

  test('forever goes to the end of the input, and not beyond it', async () => {
    const late = sideOutput<Event<number, string, undefined>>('late')
    const behind: unknown[] = []
    const metrics = await run([
      route(
        from([event(1, 1, 'a'), watermark(Infinity), event(2, 2, 'a')]).pipe(
          aggregate(sum(), { keep: 'forever', late }),
        ),
        () => {},
      ),
      route(late, (each) => void behind.push(each)),
    ]).done
    expect(behind).toEqual([event(2, 2, 'a')])
    expect(metrics.operators[0]).toMatchObject({ in: 2, out: 1, contributed: 1, late: 1, held: 0, entries: 0 })
  })

  test.each([-1, 1.5, '5 parsecs', Number.NaN, undefined])('must be a duration: %s is refused when built', (keep) => {
    expect(() => aggregate(count(), { keep: keep as number })).toThrow('aggregate: keep')
  })
})

describe('an error', () => {
  const takenBack = from<Revised[]>([event(5, 1, 'a'), event(5, 1, 'a', -1)])

  test('is an aggregate that can not take back, though it got past the types', async () => {
    const stream = takenBack as unknown as Stream<number, string, undefined>
    expect(await failureOf(collect(stream.pipe(aggregate(max(), { keep: 0 }))))).toMatchObject({
      code: 'unsupported',
      message: "aggregate: max can't take a retraction back; give it a 'retract' function (key 'a', event time 1)",
    })
  })

  test.each<[string, readonly Revised[]]>([
    ['of a key that never was', [event(5, 3, 'b'), event(5, 1, 'a', -1)]],
    ['twice', [event(5, 1, 'a'), event(5, 1, 'a', -1), event(5, 1, 'a', -1)]],
  ])('is to take back what is not there: %s', async (_, elements) => {
    expect(await failureOf(collect(from(elements).pipe(aggregate(sum(), { keep: 'forever' }))))).toMatchObject({
      code: 'unsupported',
      message: "aggregate: expected to take back a value that is there, got 5 (key 'a', event time 1)",
    })
  })

  test('of the aggregate names key and event time', async () => {
    const failing = sum((n: number) => {
      if (n === 5) throw new Error('boom')
      return n
    })
    expect(await failureOf(collect(takenBack.pipe(aggregate(failing, { keep: 0 }))))).toMatchObject({
      code: 'callback',
      message: "aggregate: boom (key 'a', event time 1)",
    })
  })

  test('is no aggregate at all', () => {
    expect(() => aggregate({}, { keep: 0 })).toThrow('combine: expected a record of aggregates, got nothing in it')
  })
})

describe('state', () => {
  /** An aggregate whose accumulators can be looked for. */
  function boxes(): { readonly created: WeakRef<object>[]; readonly boxed: Aggregate<number, { n: number }, number> } {
    const created: WeakRef<object>[] = []
    return {
      created,
      boxed: {
        name: 'boxes',
        create() {
          const box = { n: 0 }
          created.push(new WeakRef(box))
          return box
        },
        add(box, n) {
          box.n += n
          return box
        },
        result: ({ n }) => n,
      },
    }
  }

  test('is a key each; the events of one count when it is freed', async () => {
    const source = new ScriptedSource<Revised>().give(
      event(1, 1, 'a'),
      event(2, 2, 'a'),
      event(3, 3, 'b'),
      event(4, 9, 'c'),
      event(4, 9, 'c', -1),
    )
    const job = run(source.values.pipe(aggregate(count(), { keep: 2, id: 'counts' })), () => {})
    await turns()
    const last = (): unknown => job.metrics().operators.at(-1)
    expect(last()).toMatchObject({ id: 'counts', in: 5, held: 3, contributed: 2, entries: 2 })
    source.give(watermark(4))
    await turns()
    expect(last()).toMatchObject({ held: 3, contributed: 2, entries: 2 })
    source.give(watermark(5), event(9, 2, 'a'))
    await turns()
    expect(last()).toMatchObject({ in: 6, late: 1, held: 1, contributed: 4, entries: 1 })
    source.end()
    expect((await job.done).operators.at(-1)).toMatchObject({ in: 6, late: 1, held: 0, contributed: 5, entries: 0 })
  })

  test('is let go of when the watermark says so, though nothing follows', async () => {
    const { created, boxed } = boxes()
    const source = new ScriptedSource<Element<number, number, undefined>>()
    const job = run(source.values.pipe(aggregate(boxed, { keep: 5 })), () => {})
    source.give(event(1, 1, 1), event(2, 2, 2), event(3, 20, 3))
    await turns()
    expect(await alive(created)).toBe(3)
    source.give(watermark(8))
    await turns()
    expect(await alive(created)).toBe(1)
    await job.stop()
  })

  test('of a job that runs for long does not grow: 200,000 keys, each of them seen thrice', async () => {
    let mostEntries = 0
    function* revised(): Generator<Element<number, number, undefined, Diff>> {
      for (let n = 0; n < 200_000; n++) {
        yield event(n, n, n)
        yield event(n, n, n, -1)
        yield event(n, n, n)
        yield watermark(n - 50)
      }
    }
    const job = run(fromIterable(revised()).pipe(aggregate(sum(), { keep: 50 })), {
      name: 'watching',
      write() {
        mostEntries = Math.max(mostEntries, job.metrics().operators.at(-1)?.entries ?? Infinity)
      },
    })
    const metrics = await job.done
    expect(mostEntries).toBeLessThanOrEqual(102)
    expect(metrics.operators.at(-1)).toMatchObject({ in: 600_000, out: 600_000, contributed: 600_000, entries: 0 })
  })

  test('is freed in slices, before anything else flows', async () => {
    const source = new ScriptedSource<Element<number, number, undefined>>()
    const job = run(source.values.pipe(aggregate(count(), { keep: 0 })), () => {}, { batchSize: 10 })
    const entries: (number | undefined)[] = []
    source.give(...Array.from({ length: 25 }, (_, n) => event(n, n, n)))
    await turns(10)
    source.give(watermark(100), event(7, 100, 7))
    for (let i = 0; i < 8; i++) {
      await turns(1)
      entries.push(job.metrics().operators.at(-1)?.entries)
    }
    expect(entries.filter((n, i) => n !== entries[i - 1])).toEqual([15, 5, 0, 1])
    await job.stop()
  })
})

test('what its results push back into it revises the result that was under way', async () => {
  const elements = new Subject<Revised>()
  const standing = new Map<number, number>()
  const pipeline = elements.pipe(
    aggregate(sum(), { keep: 'forever' }),
    tap((element) => {
      if (element.kind !== 'event') return
      if (element.value === 1 && element.diff === -1) elements.next(event(4, 3, 'a'))
      standing.set(element.value, (standing.get(element.value) ?? 0) + element.diff)
    }),
  )
  const job = run(pipeline, () => {})
  await turns()
  elements.next(event(1, 1, 'a'))
  elements.next(event(2, 2, 'a'))
  await turns()
  expect([...standing].filter(([, times]) => times !== 0)).toEqual([[7, 1]])
  await job.stop()
})
