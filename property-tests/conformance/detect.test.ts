// Runs the cases of detect.json. `pattern` is the text of a pattern, see fixtures/build-pattern.ts; `events` are values, with
// times that count from 1 unless given; a match is the values of its events. Matches may leave in any order; what has run out of
// time is listed with the last moment that it had.
import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { type Element, event, type Event } from '../../lib/element.ts'
import { route, run } from '../../lib/run.ts'
import type { Pattern } from '../../lib/patterns/pattern.ts'
import type { Skip } from '../../lib/patterns/skip.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { detect, type TimedOut } from '../../operators/detect.ts'
import { buildPattern } from './fixtures/build-pattern.ts'
import { type Case, readCases } from './fixtures/case.ts'

interface DetectCase extends Case {
  readonly pattern: string
  readonly within?: number
  readonly skip?: Skip
  readonly events: string
  readonly matches: readonly string[]
  readonly timedOut?: readonly string[]
}

const { cases } = readCases<DetectCase>('detect')

test.each(cases)('$id: $why', async ({ pattern, within = 1_000, skip = 'none', events, matches, timedOut }) => {
  const parts = sideOutput<Event<TimedOut<Pattern<string, object>>, undefined, undefined>>('timed out')
  const input = events.split(' ').map((text, i): Element<string, undefined, undefined> => {
    const [value = '', time = i + 1] = text.split('@')
    return event(value, Number(time))
  })
  const detected: string[] = []
  const over: string[] = []
  // Values that the cases know begin with a letter; what a match has is put in the order of the events.
  const positions = new Map(input.flatMap((each, i) => (each.kind === 'event' ? [[each.value, i] as const] : [])))
  const textOf = (match: object): string =>
    Object.values(match as Readonly<Record<string, string | readonly string[] | undefined>>)
      .flat()
      .filter((value) => value !== undefined)
      .toSorted((a, b) => (positions.get(a) ?? 0) - (positions.get(b) ?? 0))
      .join(' ')
  const out = from(input).pipe(detect(buildPattern(pattern, within), { skip: skip as Skip<never>, timedOut: parts }))
  const metrics = await run([
    route(out, (each) => void (each.kind === 'event' && detected.push(textOf(each.value)))),
    route(parts, ({ value, time }) => void over.push(`${textOf(value.matched)} @${time}`)),
  ]).done
  expect(detected.toSorted()).toEqual(matches.toSorted())
  if (timedOut !== undefined) expect(over.toSorted()).toEqual(timedOut.toSorted())
  expect(metrics.balanced).toBe(true)
  expect(metrics.operators.at(-1)).toMatchObject({ held: 0, entries: 0 })
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { from: source, why } of cases) expect(`${source}: ${why}`).toMatch(/^(Flink|definition).*: ./)
})
