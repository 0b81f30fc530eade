// Laws of mapAsync, for services that answer in any order, fail, and never answer, and whatever is pushed or pulled:
//
// 1. Every event comes to exactly one end, which is that of the first of its attempts that is answered in time: a result with
//    its time and key, or a failure with the number of attempts made.
// 2. In order, results leave in the order of the events. What is declared has its place: what comes before the first watermark
//    that was behind an event is ahead of it. So leaving out the failed, an ordered stream is the one that `map` would give.
// 3. Unordered, the results between two watermarks are those of the events between them, in some order.
// 4. No more calls than the capacity are under way at a time, and no source is read while there are that many.
// 5. The ledger balances at every moment, and nothing is held at the end.

import fc from 'fast-check'
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { balances } from '../lib/counters.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../lib/element.ts'
import { RecordingSink } from '../lib/fixtures/recording-sink.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { type AsyncFailure, mapAsync } from './index.ts'

/** What becomes of an attempt, so many ms after it began. */
interface Attempt {
  readonly after: number
  readonly how: 'answers' | 'fails' | 'throws'
}

/** An event that is asked about, or a watermark that rises by so much. */
type Step = { readonly attempts: readonly Attempt[]; readonly behind: number } | { readonly rise: number }

const timeout = 6
const most = 3

const attempts = fc.array(
  fc.record({
    // Beyond the timeout, too.
    after: fc.integer({ min: 0, max: 8 }),
    how: fc.constantFrom<Attempt['how']>('answers', 'answers', 'fails', 'throws'),
  }),
  { minLength: most, maxLength: most },
)
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ attempts, behind: fc.integer({ min: -2, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ rise: fc.integer({ min: 0, max: 3 }) }) },
  ),
  { maxLength: 25 },
)

type Asked = Event<number, string, undefined>

/** What the steps come to as a stream; the value is the number of the step. */
function elementsOf(made: readonly Step[]): Element<number, string, undefined>[] {
  let time = 0
  return made.map((step, i) => {
    if ('rise' in step) {
      time += step.rise
      return watermark(time)
    }
    return event(i, time + step.behind, i % 2 === 0 ? 'even' : 'odd')
  })
}

/** What is to become of an event: how many attempts, and whether the last one is answered. */
function fateOf(step: Step | undefined): { readonly attempts: number; readonly isAnswered: boolean } {
  if (step === undefined || 'rise' in step) throw new Error('expected an event')
  const inTime = step.attempts.findIndex(({ after, how }) => how === 'answers' && after < timeout)
  return { attempts: inTime < 0 ? most : inTime + 1, isAnswered: inTime >= 0 }
}

const law = fc.record({
  made: steps,
  capacity: fc.integer({ min: 1, max: 5 }),
  order: fc.constantFrom('ordered' as const, 'unordered' as const),
  chunkSize: fc.integer({ min: 1, max: 4 }),
  pushes: fc.boolean(),
  batchSize: fc.integer({ min: 1, max: 4 }),
  backoff: fc.integer({ min: 0, max: 3 }),
})

test('1 to 5: each comes to its end, in its place', async () => {
  let full = 0
  let barred = 0
  await fc.assert(
    fc.asyncProperty(law, async ({ made, capacity, order, chunkSize, pushes, batchSize, backoff }) => {
      const clock = new VirtualClock()
      const elements = elementsOf(made)
      const calls = new Map<number, number>()
      let underWay = 0
      let mostUnderWay = 0
      const service = (value: number, signal: AbortSignal): Promise<string> => {
        const step = made[value]
        if (step === undefined || 'rise' in step) throw new Error('expected an event')
        const number = calls.get(value) ?? 0
        calls.set(value, number + 1)
        const { after = 0, how } = step.attempts[number] ?? {}
        if (how === 'throws') throw new Error(`no ${value}`)
        underWay += 1
        mostUnderWay = Math.max(mostUnderWay, underWay)
        return new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => (underWay -= 1))
          clock.at(clock.now() + after, () => {
            if (!signal.aborted) underWay -= 1
            if (how === 'answers') resolve(`answer ${value}`)
            else reject(new Error(`no ${value}`))
          })
        })
      }

      const source = new ScriptedSource<Element<number, string, undefined>>()
      const subject = new Subject<Element<number, string, undefined>>()
      if (!pushes) {
        for (let i = 0; i < elements.length; i += chunkSize) source.give(...elements.slice(i, i + chunkSize))
        source.end()
      }
      const errors = sideOutput<AsyncFailure<number, string>>('failed')
      const sink = new RecordingSink<Element<string, string, undefined>>()
      const failures: AsyncFailure<number, string>[] = []
      const retry = { attempts: most, backoff }
      const stream = (pushes ? subject : source.values).pipe(
        mapAsync(service, { capacity, order, timeout, retry, errors }),
      )
      const routes = [route(stream, sink), route(errors, (failure) => void failures.push(failure))]
      const job = run(routes, { clock, batchSize })
      let isDone = false
      void job.done.then(() => (isDone = true))
      let next = 0
      for (let now = 0; !isDone; now++) {
        for (let i = 0; pushes && i < chunkSize && next < elements.length; i++) {
          const element = elements[next++]
          if (element !== undefined) subject.next(element)
        }
        if (pushes && next === elements.length) subject.complete()
        for (let i = 0; i < 12; i++) {
          await new Promise((resolve) => setImmediate(resolve))
          const { operators, sources } = job.metrics()
          const [operator] = operators
          expect(operator !== undefined && balances(operator)).toBe(true)
          if (pushes) continue
          // Pulled events that wait have been read together with others, so none does.
          expect(operator?.held).toBeLessThanOrEqual(capacity)
          if (operator?.held !== capacity) continue
          full += 1
          const { reads } = source
          expect(reads).toBeLessThanOrEqual(Math.ceil((sources[0]?.read ?? 0) / chunkSize) + 1)
        }
        expect(now).toBeLessThan(2_000)
        clock.advanceTo(now + 1)
      }
      const { operators } = await job.done
      expect(operators[0]).toMatchObject({ held: 0 })
      expect(mostUnderWay).toBeLessThanOrEqual(capacity)

      const asked = elements.filter((element): element is Asked => element.kind === 'event')
      const answered = asked.filter(({ value }) => fateOf(made[value]).isAnswered)
      const refused = asked.filter(({ value }) => !fateOf(made[value]).isAnswered)
      expect(Object.fromEntries(calls)).toEqual(
        Object.fromEntries(asked.map(({ value }) => [value, fateOf(made[value]).attempts])),
      )
      const byValue = (a: AsyncFailure<number, string>, b: AsyncFailure<number, string>): number =>
        a.event.value - b.event.value
      expect(failures.toSorted(byValue).map(({ event: failed, attempts: count }) => [failed, count])).toEqual(
        refused.map((each) => [each, most]),
      )
      expect(operators[0]).toMatchObject({ in: asked.length, contributed: answered.length, refused: refused.length })

      const expected = sectionsOf(
        elements.flatMap((element): Element<string, string, undefined>[] => {
          if (element.kind !== 'event') return [element]
          if (!fateOf(made[element.value]).isAnswered) return []
          return [event(`answer ${element.value}`, element.time, element.key)]
        }),
      )
      const actual = sectionsOf(sink.values)
      barred += expected.length
      if (order === 'ordered') expect(actual).toEqual(expected)
      else expect(actual.map(sorted)).toEqual(expected.map(sorted))
    }),
    { numRuns: 300 },
  )
  // The law has seen what it is about.
  expect(full).toBeGreaterThan(100)
  expect(barred).toBeGreaterThan(380)
})

interface Section {
  readonly until: number
  readonly results: readonly Event<string, string, undefined>[]
}

/** The results ahead of each watermark that is higher than those before; of several without a result between them the last counts. */
function sectionsOf(elements: readonly Element<string, string, undefined>[]): Section[] {
  const sections: Section[] = []
  let results: Event<string, string, undefined>[] = []
  let until = -Infinity
  for (const element of [...elements, watermark(Infinity)]) {
    if (element.kind === 'event') results.push(element)
    if (element.kind !== 'watermark' || element.time <= until) continue
    until = element.time
    const before = results.length > 0 ? undefined : sections.pop()
    sections.push({ until, results: before?.results ?? results })
    results = []
  }
  return sections
}

function sorted({ until, results }: Section): Section {
  return { until, results: results.toSorted((a, b) => (a.value < b.value ? -1 : 1)) }
}
