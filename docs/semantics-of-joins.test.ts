// What semantics.md says of the joins of tidemark, line by line. What it says of others is not run here.
import { expect, test } from 'vitest'
import { type Event, sideOutput, tumbling } from '../index.ts'
import { intervalJoin, tableJoin, temporalJoin, toTable, windowJoin } from '../operators/index.ts'
import { draws } from './fixtures/draws.ts'
import { tablesOf } from './fixtures/tables.ts'

const late = sideOutput<Event<number, string, undefined>>('late')

const rows: Readonly<Record<string, () => Promise<void>>> = {
  "an interval's ends": draws(
    `
    left   1@5
    right       2@3                     3@7                     4@8  5@2
    out         {"left":1,"right":2}@5  {"left":1,"right":3}@7
    open
    `,
    ({ left, right }) => ({
      out: left.pipe(intervalJoin(right, -2, 2)),
      open: left.pipe(intervalJoin(right, -2, 2, { lowerInclusive: false, upperInclusive: false })),
    }),
  ),
  'behind the watermark': draws(
    `
    left   1@5  ~8                          ~9
    right       ~8  2@6                     ~9  3@6
    out             {"left":1,"right":2}@6
    late                                        L(3@6)
    `,
    ({ left, right }) => ({ out: left.pipe(intervalJoin(right, -2, 4, { lateRight: late })), late }),
  ),
  'alone, near nothing': draws(
    `
    left   1@5  ~7  ~8
    right       ~7  ~8
    out             {"left":1}@5
    `,
    ({ left, right }) => ({ out: left.pipe(intervalJoin(right, 0, 2, { kind: 'left' })) }),
  ),
  'too late to be paired': draws(
    `
    left   ~8  1@5
    right  ~8
    out        {"left":1}@5
    late
    `,
    ({ left, right }) => ({ out: left.pipe(intervalJoin(right, 0, 2, { kind: 'left', lateLeft: late })), late }),
  ),
  'a partner after all': draws(
    `
    left   1@5  ~8
    right       ~8           2@7
    out         {"left":1}@5
    late                     L(2@7)
    `,
    ({ left, right }) => ({ out: left.pipe(intervalJoin(right, 0, 2, { kind: 'left', lateRight: late })), late }),
  ),
  "a pair's time": draws(
    `
    left   1@1                          ~5
    right       2@3                     ~5
    near        {"left":1,"right":2}@3
    same                                [0,5)={"left":1,"right":2}@4
    `,
    ({ left, right }) => ({
      near: left.pipe(intervalJoin(right, 0, 2)),
      same: left.pipe(windowJoin(right, tumbling(5))),
    }),
  ),
  'alone in a window': draws(
    `
    left   1@1  ~5
    right       ~5
    inner
    left1       [0,5)={"left":1}
    anti        [0,5)=1
    `,
    ({ left, right }) => ({
      inner: left.pipe(windowJoin(right, tumbling(5))),
      left1: left.pipe(windowJoin(right, tumbling(5), { kind: 'left' })),
      anti: left.pipe(windowJoin(right, tumbling(5), { kind: 'anti' })),
    }),
  ),
  'the row of an event': draws(
    `
    left             9@4                          ~5
    right  1@1  2@6       3@3                     ~5
    out                                           {"left":9,"right":3}@4
    latest           {"left":9,"right":2}@4
    `,
    ({ left, right }) => ({
      out: left.pipe(temporalJoin(right)),
      latest: left.pipe(temporalJoin(right, { versions: 'latest' })),
    }),
  ),
  'a row that is gone': draws(
    `
    left             ~8  9@2
    right  1@1  2@6  ~8
    out
    late                 L(9@2)
    `,
    ({ left, right }) => ({ out: left.pipe(temporalJoin(right, { kind: 'left', lateLeft: late })), late }),
  ),
  'a partner is replaced': draws(
    `
    left   1@1
    right               2@2                                   3@3
    out    {"left":1}@1 -{"left":1}@1&{"left":1,"right":2}@2  -{"left":1,"right":2}@2&{"left":1,"right":3}@3
    `,
    ({ left, right }) => ({ out: left.pipe(toTable(), tableJoin(right.pipe(toTable()), { kind: 'left' })) }),
  ),
  'an older change': draws(
    `
    in       1@5  2@3
    arrival  1@5  -1@5&2@3
    ignore   1@5
    late          L(2@3)
    `,
    ({ in: changes }) => ({
      arrival: changes.pipe(toTable()),
      ignore: changes.pipe(toTable({ outOfOrder: 'ignore', late })),
      late,
    }),
  ),
}

const lines = tablesOf('docs/semantics.md').at(-1) ?? []

test('every line of the table is run', () => {
  expect(lines.map(({ choice }) => choice)).toEqual(Object.keys(rows))
})

test.each(Object.entries(rows))('%s', async (_, run) => {
  await run()
})
