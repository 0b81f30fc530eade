import { from, type Observable, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { realClock } from '../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import type { JobMetrics, OperatorMetrics } from '../lib/metrics.ts'
import { begin } from '../lib/patterns/begin.ts'
import type { Skip } from '../lib/patterns/skip.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { collect } from '../testing/collect.ts'
import { runMarbles } from '../testing/run-marbles.ts'
import { detect, type DetectOptions, type TimedOut } from './detect.ts'
import { map } from './map.ts'

const is = (letter: string) => (text: string) => text.startsWith(letter)
const pair = begin('a', is('a')).followedBy('b', is('b')).within(10)
const anyPair = begin('a', is('a')).followedByAny('b', is('b')).within(10)

type Options = DetectOptions<string, Readonly<Record<'a' | 'b', 'one'>>, string, undefined>

/** Runs a diagram through a pattern: `a1b1` is a match. Expects it to come out as drawn. */
async function expectPairs(diagram: string, pattern: typeof pair, options: Options = {}): Promise<void> {
  const late = sideOutput<Event<string, string, undefined>>('late')
  const timedOut = sideOutput<Event<TimedOut<typeof pair>, string, undefined>>('timed out')
  const { actual, expected } = await runMarbles<string>(diagram, ({ in: source }) => ({
    out: source.pipe(
      detect(pattern, { ...options, late, timedOut }),
      map(({ a, b }) => `${a}${b}`),
    ),
    late,
    timedOut,
  }))
  expect(actual).toBe(expected)
}

describe('a match', () => {
  test('leaves when the watermark has passed its last event, with the time and the key of that', async () => {
    await expectPairs(
      `
      in        k:a@3  l:a@4  k:b@6  ~6  ~7           l:b@9  |
      out                            ~6  k:ab@6&~7           l:ab@9&|
      late
      timedOut
      `,
      pair,
    )
  })

  test('is of events in the order of their times, of equal ones in that of arrival', async () => {
    await expectPairs(
      `
      in        b1@5  a1@5  b2@5  b3@4  a2@3  |
      out                                     a2b3@4&a1b2@5
      late
      timedOut
      `,
      pair,
    )
  })

  test('leaves in the order of time over all keys; those of one event, the one that begins first before others', async () => {
    await expectPairs(
      `
      in        k:a1@1  l:a1@2  k:a2@3  l:b1@4  k:b1@5  |
      out                                               l:a1b1@4&k:a1b1@5&k:a2b1@5
      late
      timedOut
      `,
      pair,
    )
  })

  test('takes less than within', async () => {
    await expectPairs(
      `
      in        k:a@0  k:b@9  l:a@0  l:b@10  |
      out                                    k:ab@9
      late
      timedOut                               L(l:{"matched":{"a":"a"},"reached":"a"}@9)
      `,
      pair,
    )
  })

  test('may have events from before 1970', async () => {
    await expectPairs(
      `
      in        a@-20  b@-11  |
      out                     ab@-11
      late
      timedOut
      `,
      pair,
    )
  })
})

test('an event behind the watermark is late; one at it is not', async () => {
  await expectPairs(
    `
    in        ~5  a1@4     a2@5  b@4      b@6  |
    out                                        a2b@6
    late          L(a1@4)        L(b@4)
    timedOut
    `,
    pair,
  )
})

test('what has no time left leaves with its last moment, in order with matches and before what comes at that time', async () => {
  await expectPairs(
    `
    in        k:a1@0  l:a1@1  l:b@9  k:b@10  ~10                                            ~11                                              |
    out                                      l:a1b@9
    late
    timedOut                                 L(k:{"matched":{"a":"a1"},"reached":"a"}@9)    L(l:{"matched":{"a":"a1"},"reached":"a"}@10)
    `,
    anyPair,
  )
})

describe('a pattern of one stage', () => {
  test('matches at once, and holds nothing', async () => {
    const one = begin('a', is('a')).within(1)
    const { elements, operator } = await outcomeOf(
      from([event('a1', 1), event('b', 1), event('a2', 1)]).pipe(detect(one)),
    )
    expect(elements).toEqual([event({ a: 'a1' }, 1), event({ a: 'a2' }, 1), watermark(Infinity)])
    expect(operator).toMatchObject({ in: 3, contributed: 2, filtered: 1, held: 0, entries: 0 })
  })
})

test('conditions see what has matched before, and what their loop has', async () => {
  const seen: unknown[] = []
  const pattern = begin('a', (text: string, soFar) => seen.push(['a', soFar]) > 0 && text.startsWith('a'))
    .notFollowedBy('x', (text, soFar) => seen.push(['x', soFar]) > 0 && text === 'x')
    .followedBy('b', (text, soFar) => seen.push(['b', soFar]) > 0 && text.startsWith('b'))
    .times(2)
    .until((text, soFar) => seen.push(['until', soFar]) > 0 && text === 'u')
    .next('c', (text, soFar) => seen.push(['c', soFar]) > 0 && text === 'c')
    .optional()
    .next('d', (text, soFar) => seen.push(['d', soFar]) > 0 && text === 'd')
    .within(10)
  const found = await collect(
    fromIterable(['a', 'b1', 'b2', 'd'].map((text, i) => event(text, i))).pipe(detect(pattern)),
  )
  expect(found[0]).toEqual(event({ a: 'a', b: ['b1', 'b2'], c: undefined, d: 'd' }, 3))
  const start = ['a', { a: [] }]
  const none = { a: 'a', b: [], c: undefined, d: undefined }
  expect(seen).toEqual([
    start,
    start,
    ['x', none],
    ['b', { a: 'a', b: [] }],
    ['until', { a: 'a', b: [] }],
    start,
    ['b', { a: 'a', b: ['b1'] }],
    ['until', { a: 'a', b: ['b1'] }],
    start,
    ['c', { a: 'a', b: ['b1', 'b2'], c: [] }],
    ['d', { a: 'a', b: ['b1', 'b2'], c: undefined, d: [] }],
  ])
})

test('what matches have in common, they do not share', async () => {
  const pattern = begin('a', is('a')).oneOrMore().within(10)
  const found = await collect(fromIterable([event('a1', 1), event('a2', 2)]).pipe(detect(pattern)))
  const lists = found.flatMap((each) => (each.kind === 'event' ? [each.value.a] : []))
  expect(lists).toEqual([['a1'], ['a1', 'a2'], ['a2']])
  expect(new Set(lists).size).toBe(3)
})

describe('at every moment', () => {
  test('events are held that wait, or may still be part of a match, and partial matches counted', async () => {
    const source = new Subject<Element<string, string, undefined>>()
    const job = run(source.pipe(detect(anyPair)), () => {})
    const counts: unknown[] = []
    const inputs: readonly Element<string, string, undefined>[] = [
      event('a1', 1, 'k'),
      event('c', 2, 'k'),
      watermark(3),
      event('a2', 4, 'k'),
      event('b', 5, 'k'),
      watermark(6),
      watermark(11),
      watermark(14),
    ]
    for (const input of inputs) {
      source.next(input)
      await turns()
      const { operators, balanced } = job.metrics()
      const { held, entries, contributed, filtered } = detectOf(operators)
      counts.push({ balanced, held, entries, contributed, filtered })
    }
    await job.stop()
    expect(counts).toEqual(
      [
        [1, 0, 0, 0],
        [2, 0, 0, 0],
        [1, 1, 0, 1],
        [2, 1, 0, 1],
        [3, 1, 0, 1],
        [3, 2, 0, 1],
        [2, 1, 1, 1],
        [0, 0, 3, 1],
      ].map(([held, entries, contributed, filtered]) => ({ balanced: true, held, entries, contributed, filtered })),
    )
  })

  test('a match that may be skipped yet is one of the entries', async () => {
    const source = new Subject<Element<string, string, undefined>>()
    const same = begin('a', is('a'))
      .followedBy('b', (text, { a }) => text === a.replace('a', 'b'))
      .within(10)
    const out: unknown[] = []
    const job = run(source.pipe(detect(same, { skip: 'past-last' })), (element) => void out.push(element))
    for (const [i, text] of ['a1', 'a2', 'b2'].entries()) source.next(event(text, i, 'k'))
    source.next(watermark(3))
    await turns()
    expect(detectOf(job.metrics().operators)).toMatchObject({ held: 3, entries: 2, out: 0 })
    source.next(event('b1', 3, 'k'))
    source.next(watermark(4))
    await turns()
    expect(detectOf(job.metrics().operators)).toMatchObject({ held: 0, entries: 0, out: 1 })
    await job.stop()
  })
})

test('what leaves may come back as an event', async () => {
  const loop = new Subject<Element<string, string, undefined>>()
  const chain = begin('first', is('a')).next('second', is('a')).within(100)
  const matches: string[] = []
  const subscription = loop.pipe(detect(chain)).subscribe((element) => {
    if (element.kind !== 'event') return
    matches.push(`${element.value.first}${element.value.second}`)
    // It comes in while the operator is at work.
    if (element.value.second === 'a2') loop.next(event('a5', 20, 'k'))
  })
  for (const [i, text] of ['a1', 'a2', 'a3'].entries()) loop.next(event(text, i, 'k'))
  loop.next(watermark(10))
  await turns()
  loop.next(watermark(30))
  await turns()
  subscription.unsubscribe()
  expect(matches).toEqual(['a1a2', 'a2a3', 'a3a5'])
})

describe('the limit', () => {
  const many = begin('a', is('a')).followedBy('b', is('b')).within(100)

  test('is so many partial matches of a key', async () => {
    const three = ['k', 'k', 'l', 'k'].map((key, i) => event('a', i, key))
    const { operator } = await outcomeOf(fromIterable(three).pipe(detect(many, { limit: 3 })))
    expect(operator).toMatchObject({ contributed: 4 })
    await expect(outcomeOf(fromIterable(three).pipe(detect(many, { limit: 2, id: 'pairs' })))).rejects.toMatchObject({
      code: 'overflow',
      operator: 'pairs',
      key: 'k',
      time: 3,
      message: expect.stringContaining('pairs: expected at most 2 partial matches of a key, got 3; ') as string,
    })
  })

  test('is 10,000 unless given', async () => {
    const doubling = begin('a', is('a')).oneOrMore().allowCombinations().followedBy('b', is('b')).within(100)
    const starts = (count: number) => fromIterable(Array.from({ length: count }, (_, i) => event('a', i)))
    await outcomeOf(starts(13).pipe(detect(doubling)))
    await expect(outcomeOf(starts(14).pipe(detect(doubling)))).rejects.toMatchObject({ code: 'overflow' })
  })
})

test('a condition that throws ends the job, with key and time', async () => {
  const cause = new Error('no letter')
  const throwing = begin('a', (): boolean => {
    throw cause
  }).within(1)
  const job = run(from([event('a', 7, 'k')]).pipe(detect(throwing)), () => {})
  await expect(job.done).rejects.toMatchObject({ code: 'callback', operator: 'detect', key: 'k', time: 7, cause })
})

test('a retraction that got past the types ends the job', async () => {
  const retraction = event('a', 1, 'k', -1) as Event<string, string>
  const job = run(from([retraction]).pipe(detect(pair)), () => {})
  await expect(job.done).rejects.toMatchObject({ code: 'unsupported' })
})

test.each<[DetectOptions<string, object, string, undefined>, string]>([
  [{ limit: 0 }, 'detect: limit must be a whole number > 0, got 0'],
  [{ limit: 1.5 }, 'detect: limit must be a whole number > 0, got 1.5'],
  [
    { skip: 'to-last' as 'past-last' },
    "detect: skip must be 'none', 'to-next', 'past-last', { toFirst } or { toLast }, got 'to-last'",
  ],
  [{ skip: { toFirst: 'c' } as Skip<never> }, "detect: skip: expected one of the stages 'a', 'b', got 'c'"],
  [{ skip: { toLast: 'c' } as Skip<never> }, "detect: skip: expected one of the stages 'a', 'b', got 'c'"],
])('options that are none are refused when built: %o', (options, message) => {
  expect(() => detect(pair, options as Options)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})

test('a pattern without a time is refused when built', () => {
  const sequence = begin('a', is('a')).followedBy('b', is('b')) as unknown as typeof pair
  expect(() => detect(sequence)).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: "detect: expected a pattern that 'within' has completed, got an object",
    }),
  )
})

async function outcomeOf<M, K>(
  stream: Observable<Element<M, K, undefined>>,
): Promise<{ readonly elements: readonly Element<M, K, undefined>[]; readonly operator: OperatorMetrics }> {
  const elements: Element<M, K, undefined>[] = []
  const metrics: JobMetrics = await run([route(stream, (element) => void elements.push(element))]).done
  return { elements, operator: detectOf(metrics.operators) }
}

function detectOf(operators: readonly OperatorMetrics[]): OperatorMetrics {
  const found = operators.find(({ name }) => name === 'detect')
  if (found === undefined) throw new Error('expected detect among the operators')
  return found
}

/** A job that is pushed to does what it has to in turns of its own. */
async function turns(): Promise<void> {
  for (let i = 0; i < 10; i++) await realClock.turn()
}
