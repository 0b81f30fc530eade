// What the tables of joins.md say: the types of the kinds, when those without a partner leave, what is held, and retractions.
import { beforeAll, describe, expect, test } from 'vitest'
import { type Diff, event, type Event, hopping, run, type Stream, sum, tumbling } from '../index.ts'
import { fromIterable } from '../adapters/iterable/index.ts'
import {
  aggregate,
  coGroup,
  intervalJoin,
  materialize,
  merge,
  tableJoin,
  temporalJoin,
  toTable,
  windowJoin,
} from '../operators/index.ts'
import {
  type Build,
  end,
  gives,
  holds,
  type Input,
  left,
  right,
  runJoin,
  type Step,
  until,
} from './fixtures/join-run.ts'
import { Sandbox } from './fixtures/sandbox.ts'
import { tablesOf } from './fixtures/tables.ts'

const [choices = [], kinds = [], alone = [], held = [], retractions = []] = tablesOf('docs/joins.md')

type Lines = Readonly<Record<string, readonly (readonly [Build, readonly Step[]])[]>>

const farAway = 8.64e15

/** An input of a changelog with one row a key, as it is. */
const asTable = (input: Input): Stream<number | null, string, undefined, Diff> => input

const whenAlone: Lines = {
  '`intervalJoin`, a left one': [
    [
      (l, r) => l.pipe(intervalJoin(r, -1, 3, { kind: 'left' })),
      [left(1, 5), until(8), gives(), until(9), gives('{"left":1}@5')],
    ],
  ],
  '`intervalJoin`, a right one': [
    [
      (l, r) => l.pipe(intervalJoin(r, -1, 3, { kind: 'right' })),
      [right(1, 5), until(6), gives(), until(7), gives('{"right":1}@5')],
    ],
  ],
  '`windowJoin`': [
    [
      (l, r) => l.pipe(windowJoin(r, tumbling(4), { kind: 'left' })),
      [left(1, 5), until(7), gives(), until(8), gives('{"left":1}@7')],
    ],
    [
      (l, r) => l.pipe(windowJoin(r, tumbling(4), { kind: 'anti' })),
      [left(1, 5), until(7), gives(), until(8), gives('1@7')],
    ],
  ],
  '`temporalJoin`': [
    [
      (l, r) => l.pipe(temporalJoin(r, { kind: 'left' })),
      [left(1, 5), until(5), gives(), until(6), gives('{"left":1}@5')],
    ],
  ],
  '`temporalJoin`, latest': [
    [
      (l, r) => l.pipe(temporalJoin(r, { kind: 'left', versions: 'latest' })),
      [right(1, 3), right(null, 4), left(2, 5), gives('{"left":2}@5')],
    ],
  ],
  '`tableJoin`': [
    [
      (l, r) => l.pipe(toTable(), tableJoin(r.pipe(toTable()), { kind: 'left' })),
      [
        left(1, 5),
        gives('{"left":1}@5'),
        right(2, 7),
        gives('-{"left":1}@5', '{"left":1,"right":2}@7'),
        right(null, 8),
        gives('-{"left":1,"right":2}@7', '{"left":1}@5'),
      ],
    ],
  ],
}

const whatIsHeld: Lines = {
  '`intervalJoin`, a left one': [
    [(l, r) => l.pipe(intervalJoin(r, -1, 3, { kind: 'left' })), [left(1, 5), until(8), holds(1), until(9), holds(0)]],
  ],
  '`intervalJoin`, a right one': [
    [(l, r) => l.pipe(intervalJoin(r, -1, 3, { kind: 'full' })), [right(1, 5), until(6), holds(1), until(7), holds(0)]],
  ],
  '`windowJoin`, `coGroup`': [
    [(l, r) => l.pipe(windowJoin(r, hopping(4, 2))), [left(1, 5), right(1, 5), until(7), holds(2), until(8), holds(0)]],
    [(l, r) => l.pipe(coGroup(r, hopping(4, 2))), [left(1, 5), right(1, 5), until(7), holds(2), until(8), holds(0)]],
  ],
  '`temporalJoin`, events': [[(l, r) => l.pipe(temporalJoin(r)), [left(1, 5), until(5), holds(1), until(6), holds(0)]]],
  '`temporalJoin`, the table': [
    [
      (l, r) => l.pipe(temporalJoin(r)),
      [right(1, 5), right(2, 7), until(6), holds(2), until(7), holds(1), until(farAway), holds(1), end, holds(0)],
    ],
  ],
  '`temporalJoin`, latest': [
    [
      (l, r) => l.pipe(temporalJoin(r, { versions: 'latest' })),
      [right(1, 5), holds(1), right(2, 6), holds(1), until(farAway), holds(1), right(null, 7), holds(0)],
    ],
    [(l, r) => l.pipe(temporalJoin(r, { versions: 'latest' })), [right(1, 5), holds(1), end, holds(0)]],
  ],
  '`toTable`': [
    [(l) => l.pipe(toTable({ keep: 3 })), [left(1, 5), until(8), holds(1), until(9), holds(0)]],
    [(l) => l.pipe(toTable()), [left(1, 5), until(farAway), holds(1), left(null, 6), holds(0)]],
    [(l) => l.pipe(toTable()), [left(1, 5), holds(1), end, holds(0)]],
  ],
  '`tableJoin`': [
    [
      (l, r) => asTable(l).pipe(tableJoin(asTable(r))),
      [left(1, 5), right(2, 6), until(farAway), holds(2), left(1, 5, -1), holds(1), end, holds(0)],
    ],
  ],
}

/** Joins that are given insertions, and then a retraction. */
const manners: Readonly<Record<string, readonly Build[]>> = {
  '`intervalJoin`, inner': [(l, r) => l.pipe(intervalJoin(r, 0, 9))],
  '`intervalJoin`, left, right and full': (['left', 'right', 'full'] as const).map(
    (kind) => (l, r) => l.pipe(intervalJoin(r, 0, 9, { kind })),
  ),
  '`windowJoin`, `coGroup`': [
    (l, r) => l.pipe(windowJoin(r, tumbling(9))),
    (l, r) => l.pipe(windowJoin(r, tumbling(9), { kind: 'anti' })),
    (l, r) => l.pipe(coGroup(r, tumbling(9))),
  ],
  '`temporalJoin`': [
    (l, r) => l.pipe(temporalJoin(r)),
    (l, r) => l.pipe(temporalJoin(r, { kind: 'left', versions: 'latest' })),
  ],
  '`toTable`': [(l, r) => merge(l, r).pipe(toTable())],
  '`aggregate`': [(l, r) => merge(l, r).pipe(aggregate(sum(Number), { keep: 'forever' }))],
  '`tableJoin`': [
    (l, r) => asTable(l).pipe(tableJoin(asTable(r), { kind: 'left' })),
    (l, r) => asTable(l).pipe(tableJoin(asTable(r), { kind: 'full' })),
  ],
}

const codeOf = (cell = ''): readonly string[] =>
  [...cell.matchAll(/`(.+?)`/g)].map(([, code = '']) => code.replaceAll('\\|', '|'))

const sandbox = new Sandbox('joins')
const calls: Readonly<Record<string, (kind: string) => string>> = {
  intervalJoin: (kind) => `intervalJoin(right, 0, 1, { kind: '${kind}' })`,
  windowJoin: (kind) => `windowJoin(right, tumbling(1), { kind: '${kind}' })`,
  temporalJoin: (kind) => `temporalJoin(right, { kind: '${kind}' })`,
  tableJoin: (kind) => `tableJoin(right, { kind: '${kind}' })`,
  coGroup: () => 'coGroup(right, tumbling(1))',
}

/** A program in which each type that the table names is exactly that of the values, and every other kind is refused. */
function typesProgram(): string {
  const lines = kinds.flatMap(({ kind, 'type of a value': type, joins }) =>
    codeOf(joins).map((join) => {
      const call = calls[join]?.(codeOf(kind)[0] ?? 'none')
      return `same<${codeOf(type)[0]}>()(left.pipe(${call}, changes()))`
    }),
  )
  const refused = kinds.flatMap(({ kind, joins }) =>
    ['intervalJoin', 'temporalJoin', 'tableJoin']
      .filter((join) => kind !== 'none' && !codeOf(joins).includes(join))
      .map((join) => `// @ts-expect-error\nleft.pipe(${calls[join]?.(codeOf(kind)[0] ?? '')})`),
  )
  return `
import { type Joined, type Stream, tumbling } from 'tidemark'
import { type Change, changes, coGroup, intervalJoin, tableJoin, temporalJoin, windowJoin } from 'tidemark/operators'
import type { Observable } from 'rxjs'

interface L { readonly l: string }
interface R { readonly r: number }
declare const left: Stream<L, string>
declare const right: Stream<R, string>
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? unknown : never
const same = <A>() => <B, P>(joined: Observable<Change<B, string, P>> & Same<A, B>) => joined
${[...lines, ...refused].join('\n')}
`
}

describe('types', () => {
  beforeAll(() => sandbox.add('types', typesProgram()))

  test('the values of each kind of each join have the type in the table', async () => {
    expect(kinds.flatMap(({ joins }) => codeOf(joins))).toHaveLength(17)
    expect(await sandbox.typeCheck()).toEqual([])
  })
})

test('there is a line for each operator', () => {
  const named = choices.flatMap(({ operator }) => codeOf(operator))
  expect([...new Set(named)].filter((name) => name !== 'latest')).toEqual([
    'intervalJoin',
    'windowJoin',
    'coGroup',
    'temporalJoin',
    'toTable',
    'tableJoin',
    'materialize',
    'merge',
  ])
})

describe('without a partner', () => {
  test('there is a test for each line', () => {
    expect(alone.map((row) => row['without a partner'])).toEqual(Object.keys(whenAlone))
  })

  test.each(Object.entries(whenAlone))('%s', async (_, lines) => {
    for (const [build, steps] of lines) await runJoin(build, steps)
  })
})

describe('held', () => {
  test('there is a test for each line', () => {
    expect(held.map(({ operator }) => operator)).toEqual([...Object.keys(whatIsHeld), '`materialize`'])
  })

  test.each(Object.entries(whatIsHeld))('%s', async (_, lines) => {
    for (const [build, steps] of lines) await runJoin(build, steps)
  })

  test('`materialize`', async () => {
    const rows: readonly Event<number | null, string, undefined>[] = [
      event(1, 1, 'a'),
      event(2, 1, 'b'),
      event(null, 2, 'a'),
    ]
    const view = materialize<number, string>()
    await run(fromIterable(rows).pipe(toTable()), view).done
    expect([view.size, view.range('a', 'z')]).toEqual([1, [['b', 2]]])
  })
})

describe('retractions', () => {
  test('there is a test for each line', () => {
    expect(retractions.map(({ operator }) => operator)).toEqual(Object.keys(manners))
  })

  test.each(retractions)('$operator', async ({ operator = '', 'takes them': takes, 'gives them': given }) => {
    for (const build of manners[operator] ?? []) {
      const insertions: string[] = []
      await runJoin(build, [left(1, 1), right(2, 2), ({ out }) => void insertions.push(...out)])
      const revisions: string[] = []
      const revised = runJoin(build, [
        left(1, 1),
        right(2, 2),
        left(1, 1, -1),
        ({ out }) => void revisions.push(...out),
      ])
      if (takes === 'yes') await revised
      else await expect(revised).rejects.toMatchObject({ code: 'unsupported' })
      expect(insertions.some(isRetraction)).toBe(given === 'yes')
      expect(revisions.some(isRetraction)).toBe(given !== 'no')
    }
  })
})

function isRetraction(value: string): boolean {
  return value.startsWith('-')
}
