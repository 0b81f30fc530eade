import { from } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, type Event, type Stream, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { isInsertOnlyStream } from '../lib/wiring/flow.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { map } from './map.ts'
import { temporalJoin, type TemporalJoinKind, type TemporalJoinOptions } from './temporal-join.ts'
import { values } from './values.ts'

type Numbers = Stream<number, string, undefined>
type NumberElement = Element<number, string, undefined>

interface Settings {
  readonly kind?: TemporalJoinKind
  readonly versions?: 'versioned' | 'latest'
}

/** Runs a diagram in which `a_A` is the event `a` with the row `A`, and expects it to come out as drawn. */
async function expectJoin(diagram: string, settings: Settings = {}): Promise<void> {
  const lateLeft = sideOutput<Event<string, string, undefined>>('late on the left')
  const lateRight = sideOutput<Event<string, string, undefined>>('late on the right')
  const { actual, expected } = await runMarbles<string>(diagram, ({ left, right }) => ({
    out: left.pipe(
      temporalJoin(right, { ...settings, lateLeft, lateRight }),
      map((pair) => `${pair.left}_${pair.right ?? 'none'}`),
    ),
    lateLeft,
    lateRight,
  }))
  expect(actual).toBe(expected)
}

const outer = { kind: 'left' } as const

describe('an event', () => {
  test('leaves when the watermark of both has passed its time: a watermark equal to it is too early', async () => {
    await expectJoin(`
      left        a@5  ~5  ~6        |
      right  A@1  ~20
      out              ~5  a_A@5&~6  ~20
      lateLeft
      lateRight
    `)
  })

  test('gets the row that was valid in its millisecond', async () => {
    await expectJoin(
      `
      left                       a@4  b@5  c@6  d@7  |
      right  A@5  null@7  B@6                           |
      out                                               a_none@4&b_A@5&c_B@6&d_none@7
      lateLeft
      lateRight
      `,
      outer,
    )
  })

  test('gets the row that came last, of those of one time', async () => {
    await expectJoin(
      `
      left   a@5  b@9                                     |
      right            A@5  B@5  C@9  null@9  D@9  E@8       |
      out                                                    a_B@5&b_D@9
      lateLeft
      lateRight
      `,
    )
  })

  test('gets the row of its key, and leaves in the order of times over all keys, of equal times in that of arrival', async () => {
    await expectJoin(
      `
      left          x:a@5  y:b@3  y:c@5  x:d@3  z:e@4         |
      right  x:A@1                                     y:B@5     |
      out                                                        y:b_none@3&x:d_A@3&z:e_none@4&x:a_A@5&y:c_B@5
      lateLeft
      lateRight
      `,
      outer,
    )
  })

  test('without a row leaves only if the join is a left one', async () => {
    const diagram = (out: string): string => `
      left          x:a@5  y:b@5  |
      right  x:A@1                   |
      out                            ${out}
      lateLeft
      lateRight
    `
    await expectJoin(diagram('x:a_A@5'))
    await expectJoin(diagram('x:a_A@5&y:b_none@5'), outer)
  })

  test('behind the watermark is answered at the next one, as long as it is known what was there', async () => {
    await expectJoin(
      `
      left   ~9           a@5  b@0            ~12
      right      A@1  ~9            B@3  ~11
      out                                     b_none@0&a_B@5
      lateLeft
      lateRight
      `,
      outer,
    )
  })

  test('is late when what was there at its time has been freed: by the next row, when the watermark reaches that', async () => {
    await expectJoin(`
      left             ~9      a@2          c@2     d@3  |
      right  A@1  B@3      ~2       ~3                   |
      out                           a_A@2                d_B@3
      lateLeft                              L(c@2)
      lateRight
    `)
  })

  test('is late where the key has no row, and a row of some key that was there at its time may have been forgotten', async () => {
    await expectJoin(
      `
      left                        ~9      x:a@2     x:b@3  y:c@4  y:d@2     |
      right  x:A@1  x:null@3  ~9                                            |
      out                                                                   x:b_none@3&y:c_none@4
      lateLeft                            L(x:a@2)                L(y:d@2)
      lateRight
      `,
      outer,
    )
  })
})

describe('a row', () => {
  test.each([null, undefined])('is deleted by %s', async (nothing) => {
    const table = fromIterable([event('A', 1, 'x'), event(nothing, 3, 'x')])
    const left = fromIterable([event(1, 2, 'x'), event(2, 3, 'x')])
    expect(await collect(left.pipe(temporalJoin(table, outer), values()))).toEqual([
      { left: 1, right: 'A' },
      { left: 2, right: undefined },
    ])
  })

  test.each([0, '', false, Number.NaN])('may be %o, which deletes nothing', async (row) => {
    const join = fromIterable([event(1, 2, 'x')]).pipe(temporalJoin(fromIterable([event(row, 1, 'x')])), values())
    expect(await collect(join)).toEqual([{ left: 1, right: row }])
  })
})

describe('a change of the table', () => {
  test('gives nothing by itself', async () => {
    await expectJoin(
      `
      left            ~9  |
      right  A@1  B@3        |
      out
      lateLeft
      lateRight
      `,
      outer,
    )
  })

  test('behind the watermark counts for what waits, and for what comes, if it is the newest at its time', async () => {
    await expectJoin(`
      left               ~9  a@9            ~10    b@10  |
      right  A@1  ~9             B@7  ~10                |
      out                                   a_B@9        b_B@10
      lateLeft
      lateRight
    `)
  })

  test('behind the watermark counts as the first one of its key', async () => {
    await expectJoin(`
      left   ~9            x:a@9  |
      right      ~9  x:A@2        |
      out                         x:a_A@9
      lateLeft
      lateRight
    `)
  })

  test('is late when a newer one has been reached by the watermark and has freed what was there', async () => {
    await expectJoin(`
      left                 ~9                          a@9  |
      right      A@1  B@5      ~5  C@4     D@5  null@3      |
      out                                                   a_D@9
      lateLeft
      lateRight                    L(C@4)       L(null@3)
    `)
  })

  test('is not late while what was there has not been freed', async () => {
    await expectJoin(`
      left                 ~9                a@4  |
      right      A@1  B@5      ~4  C@4  D@3       |
      out                                         a_C@4
      lateLeft
      lateRight
    `)
  })

  test('does not bring back what was deleted after it', async () => {
    await expectJoin(
      `
      left                        ~9           x:a@9  x:b@9                   |
      right  x:A@1  x:null@5  ~9      x:B@3                  x:C@5  x:D@4     |
      out                                                                     x:a_C@9&x:b_C@9
      lateLeft
      lateRight                       L(x:B@3)                      L(x:D@4)
      `,
      outer,
    )
  })
})

describe("with versions: 'latest'", () => {
  const latest = { versions: 'latest' } as const

  test('an event leaves at once, with the row that came last, whatever its time', async () => {
    await expectJoin(
      `
      left   x:a@9              x:b@1              x:c@9            x:d@9              y:e@9       ~9  x:f@2  |
      right              x:A@5         x:B@3              x:null@1            x:C@1                ~9              |
      out    x:a_none@9         x:b_A@1            x:c_B@9          x:d_none@9         y:e_none@9      x:f_C@2
      lateLeft
      lateRight
      `,
      { ...latest, ...outer },
    )
  })
})

describe('an input', () => {
  test('that is idle does not hold back the other', async () => {
    await expectJoin(`
      left        a@5        ~9
      right  A@1       idle
      out                    a_A@5&~9
      lateLeft
      lateRight
    `)
  })

  test('that has ended does not hold back the other, and its rows stay', async () => {
    await expectJoin(`
      left        a@5       ~9        b@12  |
      right  A@1       |
      out                   a_A@5&~9        b_A@12&|
      lateLeft
      lateRight
    `)
  })
})

describe('an error', () => {
  test.each<[string, TemporalJoinOptions<number, number, string, undefined, undefined>, string]>([
    ['kind', { kind: 'right' as TemporalJoinKind }, "temporalJoin: kind must be one of 'inner', 'left', got 'right'"],
    [
      'versions',
      { versions: 'all' as 'latest' },
      "temporalJoin: versions must be one of 'versioned', 'latest', got 'all'",
    ],
  ])('is an option that is none: %s', (_, options, message) => {
    expect(() => temporalJoin(numbers([]), options)).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message }),
    )
  })

  test.each(['versioned', 'latest'] as const)(
    'is a retraction on either side, though it got past the types: %s',
    async (versions) => {
      const insertions = numbers([event(1, 1, 'x')])
      const retractions = from([event(1, 1, 'x', -1)]) as unknown as Numbers
      for (const [left, right] of [
        [retractions, insertions],
        [insertions, retractions],
      ] as const) {
        expect(await failureOf(collect(left.pipe(temporalJoin(right, { versions }))))).toMatchObject({
          code: 'unsupported',
          message:
            'temporalJoin: expected insertions only, got a retraction; a row is deleted by a value that is null or undefined ' +
            "(key 'x', event time 1)",
        })
      }
    },
  )
})

test('what leaves is never taken back, and is in no window', async () => {
  const join = numbers([event(1, 3, 'x')]).pipe(temporalJoin(numbers([event(2, 1, 'x')])))
  expect(isInsertOnlyStream(join)).toBe(true)
  expect(await collect(join)).toEqual([event({ left: 1, right: 2 }, 3, 'x'), watermark(Infinity)])
})

function numbers(elements: readonly NumberElement[]): Numbers {
  return fromIterable(elements)
}
