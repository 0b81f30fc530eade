import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { type Diff, event, type Event, type Stream, watermark, type Watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { compact } from './compact.ts'
import { materialize } from './materialize.ts'

type Row = Event<number, string, undefined, Diff>

async function expectCompacted(diagram: string): Promise<void> {
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: (source as Stream<number, string, undefined, Diff>).pipe(compact(10)),
  }))
  expect(actual).toBe(expected)
}

function started(): { input: Subject<Row | Watermark>; failure: Promise<unknown>; metrics: () => object } {
  const input = new Subject<Row | Watermark>()
  const job = run(input.pipe(compact(10)), () => {})
  return { input, failure: failureOf(job.done), metrics: () => job.metrics().operators.at(-1) ?? {} }
}

describe('what leaves at a multiple', () => {
  test.each([
    {
      of: 'rows that come and go',
      diagram: `
        in   x:1@1  -x:1@1  y:2@2  ~10      |
        out                        y:2@2&~0 |
      `,
    },
    {
      of: 'rows that are as they were',
      diagram: `
        in   x:1@1  ~10       -x:1@1  x:2@12  -x:2@12  x:1@1  ~20  |
        out         x:1@1&~0                                  ~10  |
      `,
    },
    {
      of: 'rows of the same value at another time',
      diagram: `
        in   x:1@1  ~10       -x:1@1  x:1@12  ~20                |
        out         x:1@1&~0                  -x:1@1&x:1@12&~10  |
      `,
    },
    {
      of: 'several multiples at once, and keys in the order in which they changed first',
      diagram: `
        in   y:1@1  x:1@1  -y:1@1  y:3@3  ~45                |
        out                               y:3@3&x:1@1&~35    |
      `,
    },
  ])('of $of', async ({ diagram }) => {
    await expectCompacted(diagram)
  })

  test('is not before the watermark reaches it, and then at once', async () => {
    await expectCompacted(`
      in   ~11  x:1@12  ~19  y:2@19  ~20                 |
      out  ~1           ~9           x:1@12&y:2@19&~10   |
    `)
  })

  test('is the whole table at the end', async () => {
    await expectCompacted(`
      in   x:1@1  -x:1@1  x:2@3  y:5@4  |
      out                               x:2@3&y:5@4&|
    `)
  })
})

test('holds the changes that have not left, and counts them', async () => {
  const { input, metrics } = started()
  await turns()
  input.next(watermark(1))
  for (const each of [event(1, 1, 'x'), event(1, 1, 'x', -1), event(2, 2, 'x'), event(3, 3, 'y')]) input.next(each)
  expect(metrics()).toMatchObject({ in: 4, out: 0, held: 4, entries: 2, contributed: 0 })
  input.next(watermark(10))
  expect(metrics()).toMatchObject({ in: 4, out: 2, held: 0, entries: 0, contributed: 4 })
})

test.each([
  { rows: [event(1, 1, 'x'), event(2, 2, 'x')], message: /taken back before the next one, got 2/ },
  { rows: [event(1, 1, 'x'), event(2, 2, 'x', -1)], message: /a row that is there, got 2/ },
])('refuses what is no table (%#)', async ({ rows, message }) => {
  const { input, failure } = started()
  await turns()
  for (const row of rows) input.next(row)
  const error = await failure
  expect(error).toMatchObject({ code: 'unsupported', operator: 'compact' })
  expect((error as Error).message).toMatch(message)
})

test.each([0, -1])('refuses to compact every %s', (every) => {
  expect(() => compact(every)).toThrow(/^compact: every/)
})

test('its view is that of the table', async () => {
  const view = materialize<number, string>()
  const input = new Subject<Row | Watermark>()
  const job = run(input.pipe(compact(10)), view)
  await turns()
  for (const each of [event(1, 1, 'x'), watermark(10), event(1, 1, 'x', -1), event(2, 11, 'x'), watermark(20)]) {
    input.next(each)
  }
  await turns()
  expect([...view.entries()]).toEqual([['x', 2]])
  await job.stop()
})
