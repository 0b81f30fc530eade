// Runs the cases of interval-join.json. What they have in common with others is in README.md. `pipeline` is the join: its `kind`,
// bounds, and whether they are inclusive. An event or retraction says which `input` it is for, and so may a watermark, which
// otherwise is for both. A result has `left` and `right`, null where there is none; `held` is how many events a join holds of
// streams that take nothing back. Results of a step may come in any order unless it is `ordered`.
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { type Diff, event, type Event, watermark } from '../../lib/element.ts'
import type { OperatorMetrics } from '../../lib/metrics.ts'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { changes } from '../../operators/changes.ts'
import { intervalJoin, type IntervalJoinKind } from '../../operators/interval-join.ts'
import { type Fed as FedTo, twoInputs } from '../fixtures/two-inputs.ts'
import { type Case, type Expected, expectedAfter, readCases } from './fixtures/case.ts'
import { settled } from './fixtures/settled.ts'

type Side = 'left' | 'right'

interface Fed {
  readonly input: Side
  readonly key: string
  readonly value: string
  readonly time: number
}

type Step =
  | { readonly event: Fed }
  | { readonly retraction: Fed }
  | { readonly watermark: number; readonly input?: Side }
  | { readonly end: true }

interface Output {
  /** `-` takes an earlier result back. */
  readonly op?: '+' | '-'
  readonly key: string
  readonly left: string | null
  readonly right: string | null
  readonly time: number
}

interface ExpectedStep extends Expected<Output> {
  readonly ordered?: boolean
  readonly late?: readonly Fed[]
  readonly held?: number
}

interface JoinCase extends Case {
  readonly pipeline: {
    readonly kind: IntervalJoinKind
    readonly lower: number
    readonly upper: number
    readonly lowerInclusive?: boolean
    readonly upperInclusive?: boolean
  }
  readonly steps: readonly Step[]
  readonly expect: readonly ExpectedStep[]
  readonly finalState?: 'empty'
}

interface Happened {
  readonly out: readonly Output[]
  readonly late: readonly Fed[]
  readonly join: OperatorMetrics | undefined
}

const { cases } = readCases<JoinCase>('interval-join')

describe('of insertions', () => {
  test.each(cases.filter(({ steps }) => !steps.some(isRetraction)))('$id: $why', async (given) => {
    for (const [i, { join }] of (await check(given, true)).entries()) {
      const { held } = expectedAfter(i, given.expect)
      if (held !== undefined) expect(join, `held after step ${i}`).toMatchObject({ held, entries: held })
    }
  })
})

describe('of what may be taken back', () => {
  test.each(cases.filter(({ pipeline: { kind } }) => kind === 'inner'))('$id: $why', async (given) => {
    await check(given, false)
  })
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { from, why } of cases) expect(`${from}: ${why}`).toMatch(/^(Flink|Kafka|definition).*: ./)
})

async function check(given: JoinCase, isInsertOnly: boolean): Promise<readonly Happened[]> {
  const happened = await runJoinCase(given, isInsertOnly)
  for (const [i, happening] of happened.entries()) {
    const { out = [], late = [], ordered = false } = expectedAfter(i, given.expect)
    const arranged = ordered ? (outputs: readonly Output[]) => outputs : inFixedOrder
    const full = out.map((output) => ({ op: '+' as const, ...output }))
    expect(arranged(happening.out), `out after step ${i}`).toEqual(arranged(full))
    expect(happening.late, `late after step ${i}`).toEqual(late)
  }
  // Of what may be taken back more is held, until it can't be on time any more.
  const isLast = given.steps.some((step) => 'end' in step)
  if (given.finalState === 'empty' && (isInsertOnly || isLast)) {
    expect(happened.at(-1)?.join).toMatchObject({ held: 0, entries: 0 })
  }
  return happened
}

async function runJoinCase({ pipeline, steps }: JoinCase, isInsertOnly: boolean): Promise<readonly Happened[]> {
  const { kind, lower, upper, ...inclusive } = pipeline
  const script = new Subject<FedTo<string>>()
  const { left, right } = twoInputs(script, isInsertOnly)
  const lateLeft = sideOutput<Event<string, string, undefined, Diff>>('late left')
  const lateRight = sideOutput<Event<string, string, undefined, Diff>>('late right')
  const out: Output[] = []
  const late: Fed[] = []
  // The kinds are those that the types allow, of the cases at hand.
  const options = { ...inclusive, kind: kind as 'inner', lateLeft, lateRight }
  const clock = new VirtualClock()
  const job = run(
    [
      route(left.pipe(intervalJoin(right, lower, upper, options), changes()), ({ op, key, value, time }) => {
        const sides: { readonly left?: string; readonly right?: string } = value
        out.push({ op, key, left: sides.left ?? null, right: sides.right ?? null, time })
      }),
      route(lateLeft, ({ key, value, time }) => void late.push({ input: 'left', key, value, time })),
      route(lateRight, ({ key, value, time }) => void late.push({ input: 'right', key, value, time })),
    ],
    { clock },
  )
  // An error of the job is that of `stop` as well.
  job.done.catch(() => {})
  const happened: Happened[] = []
  for (const step of steps) {
    await settled(clock)
    for (const fed of fedBy(step)) script.next(fed)
    if ('end' in step) script.complete()
    await settled(clock)
    const { operators, balanced } = job.metrics()
    expect(balanced).toBe(true)
    const join = operators.find(({ name }) => name === 'intervalJoin')
    happened.push({ out: out.splice(0), late: late.splice(0), join })
  }
  await job.stop()
  return happened
}

function fedBy(step: Step): readonly FedTo<string>[] {
  if ('event' in step) return [{ input: step.event.input, element: eventOf(step.event, 1) }]
  if ('retraction' in step) return [{ input: step.retraction.input, element: eventOf(step.retraction, -1) }]
  if (!('watermark' in step)) return []
  const sides = step.input === undefined ? (['left', 'right'] as const) : [step.input]
  return sides.map((input) => ({ input, element: watermark(step.watermark) }))
}

function eventOf({ key, value, time }: Fed, diff: Diff): Event<string, string, undefined, Diff> {
  return event(value, time, key, diff)
}

function isRetraction(step: Step): boolean {
  return 'retraction' in step
}

function inFixedOrder(outputs: readonly Output[]): readonly Output[] {
  return outputs.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
