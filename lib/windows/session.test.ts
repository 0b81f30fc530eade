import { describe, expect, test } from 'vitest'
import { window } from '../../operators/window.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import type { Event } from '../element.ts'
import { toMillis } from '../time.ts'
import type { Accumulation, Window, WindowAssigner } from '../window.ts'
import { sideOutput } from '../wiring/side-output.ts'
import { session } from './session.ts'

interface Options {
  readonly allowedLateness?: number
  readonly accumulation?: Accumulation
  readonly windows?: WindowAssigner<number>
}

/** Runs a diagram through sums by sessions, with a gap of 5 unless given, and expects it to come out as drawn. */
async function expectSums(diagram: string, { windows = session(5), ...options }: Options = {}): Promise<void> {
  const late = sideOutput<Event<number, string, undefined>>('late')
  const { actual, expected } = await runMarbles<number>(diagram, ({ in: source }) => ({
    out: source.pipe(window(windows, sum(), { ...options, late })),
    late,
  }))
  expect(actual).toBe(expected)
}

test('an event opens a window of the gap', () => {
  expect(session(5).assign(3, 'any')).toEqual([{ start: 3, end: 8 }])
  expect(session('30m').assign(-1, 'any')).toEqual([{ start: -1, end: 1_799_999 }])
})

test('the gap may depend on the event', () => {
  const windows = session((visit: { gap: string }) => visit.gap)
  expect(windows.assign(3, { gap: '2s' })).toEqual([{ start: 3, end: 2_003 }])
  expect(windows.assign(3, { gap: '1ms' })).toEqual([{ start: 3, end: 4 }])
})

test.each<[Window, Window, boolean]>([
  [{ start: 0, end: 5 }, { start: 4, end: 9 }, true],
  [{ start: 0, end: 5 }, { start: 5, end: 10 }, false],
  [{ start: 0, end: 5 }, { start: 6, end: 11 }, false],
  [{ start: 0, end: 5 }, { start: 0, end: 1 }, true],
  [{ start: 0, end: 50 }, { start: 10, end: 15 }, true],
])('%o and %o overlap: %s', (a, b, merged) => {
  expect(session(5).merges?.(a, b)).toBe(merged)
  expect(session(() => 5).merges?.(a, b)).toBe(merged)
})

describe('sessions', () => {
  test('end when a key has been silent for the gap', async () => {
    await expectSums(`
      in   1@0  2@4  4@8  ~12  ~13       8@20  |
      out                      [0,13)=7        [20,25)=8
    `)
  })

  test('that touch stay apart', async () => {
    await expectSums(`
      in   1@0  2@5  4@-5  |
      out                  [-5,0)=4&[0,5)=1&[5,10)=2
    `)
  })

  test('are one when an event comes between them', async () => {
    await expectSums(`
      in   1@0  2@8  4@4  |
      out                 [0,13)=7
    `)
  })

  test('may be several that an event joins, when the gap is its own', async () => {
    // The gap of a value is the value itself.
    await expectSums(
      `
      in   1@0  2@3  4@7  9@-1  |
      out                       [-1,11)=16
      `,
      { windows: session((n) => n) },
    )
  })

  test('of one instant are one', async () => {
    await expectSums(`
      in   1@3  2@3  |
      out            [3,8)=3
    `)
  })

  test('are a matter of each key, and leave in the order of their ends', async () => {
    await expectSums(`
      in   a:1@3  b:2@0  b:4@4  c:8@1  |
      out                              c:[1,6)=8&a:[3,8)=1&b:[0,9)=6
    `)
  })
})

describe('a late event', () => {
  test('is late when the session it would open has expired', async () => {
    await expectSums(`
      in    1@0  ~5       2@0     4@1  |
      out        [0,5)=1               [1,6)=4
      late                L(2@0)
    `)
  })

  test('counts when it joins a session that is open', async () => {
    await expectSums(`
      in   1@0  2@4  ~8  4@3  ~9
      out                     [0,9)=7
    `)
  })

  test('refines a session that is kept, or makes another one of it', async () => {
    await expectSums(
      `
      in   1@0  ~5       2@0       4@2  ~7       |
      out       [0,5)=1  [0,5)=3!       [0,7)=7
      `,
      { allowedLateness: 5 },
    )
  })

  test('takes back what the sessions that it joins have given, in the order of their starts', async () => {
    await expectSums(
      `
      in   1@0  2@7  ~12               4@3                           |
      out            [0,5)=1&[7,12)=2  -[0,5)=1&-[7,12)=2&[0,12)=7!
      `,
      { allowedLateness: 10, accumulation: 'retracting' },
    )
  })
})

test('a gap that is none ends the job', async () => {
  await expectSums(
    `
    in    1@0  2@3  0@1
    out             #invalid-argument
    late            #invalid-argument
    `,
    { windows: session((n) => n) },
  )
  expect(() => session(() => 'soon').assign(0, 1)).toThrow('session: gap: expected a whole number of milliseconds')
})

test.each([
  [session('30m'), 'session(30m)'],
  [session(90_000), 'session(1m30s)'],
  [session((gap: number) => gap), 'session(gap of the event)'],
])('has a name: %#', ({ name }, expected) => {
  expect(name).toBe(expected)
})

test.each<[unknown, string, string]>([
  [0, 'invalid-argument', 'session: gap must be > 0, got 0'],
  ['-5s', 'invalid-argument', "session: gap must be > 0, got '-5s'"],
  [undefined, 'invalid-argument', 'session: gap must be a duration or a function, got undefined'],
  [{ gap: 5 }, 'invalid-argument', 'session: gap must be a duration or a function, got an object'],
  [
    'long',
    'invalid-duration',
    "session: gap: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'long'",
  ],
])('refuses %o', (gap, code, message) => {
  expect(() => session(gap as number)).toThrow(expect.objectContaining({ code, message }))
})

test('the gap of an event is looked at when the event comes', () => {
  let asked = 0
  const windows = session((n: number) => {
    asked += 1
    return n
  })
  expect(asked).toBe(0)
  windows.assign(0, toMillis('1s', 'test'))
  expect(asked).toBe(1)
})
