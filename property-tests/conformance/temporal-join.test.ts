// Runs the cases of temporal-join.json. What they have in common with others is in README.md. `pipeline` are the options of
// `temporalJoin`; an event says which `input` it is for, and so may a watermark, which otherwise is for both. A row that is null
// deletes, a result without a row has null there. The results of a step may come in any order unless it is `ordered`.
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { type Element, event, type Event, watermark } from '../../lib/element.ts'
import type { OperatorMetrics } from '../../lib/metrics.ts'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { temporalJoin } from '../../operators/temporal-join.ts'
import { type Case, type Expected, expectedAfter, readCases } from './fixtures/case.ts'
import { settled } from './fixtures/settled.ts'

type Side = 'left' | 'right'

interface Fed {
  readonly input: Side
  readonly key: string
  readonly value: string | null
  readonly time: number
}

type Step = { readonly event: Fed } | { readonly watermark: number; readonly input?: Side } | { readonly end: true }

interface Output {
  readonly key: string
  readonly left: string | null
  readonly right: string | null
  readonly time: number
}

interface ExpectedStep extends Expected<Output> {
  readonly ordered?: boolean
  readonly late?: readonly Fed[]
}

interface JoinCase extends Case {
  readonly pipeline: { readonly kind: 'inner' | 'left'; readonly versions: 'versioned' | 'latest' }
  readonly steps: readonly Step[]
  readonly expect: readonly ExpectedStep[]
  /** What is held after the last step. */
  readonly held?: number
  readonly finalState?: 'empty'
}

type Value = string | null
type Input = Element<Value, string, undefined>

const { cases } = readCases<JoinCase>('temporal-join')

test.each(cases)('$id: $why', async (given) => {
  const { happened, metrics } = await runJoinCase(given)
  for (const [i, happening] of happened.entries()) {
    const { out = [], late = [], ordered = false } = expectedAfter(i, given.expect)
    const arranged = ordered ? (outputs: readonly Output[]) => outputs : inFixedOrder
    expect(arranged(happening.out), `out after step ${i}`).toEqual(arranged(out))
    expect(happening.late, `late after step ${i}`).toEqual(late)
  }
  if (given.held !== undefined) expect(metrics?.held).toBe(given.held)
  if (given.finalState === 'empty') expect(metrics).toMatchObject({ held: 0, entries: 0 })
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { from, why } of cases) expect(`${from}: ${why}`).toMatch(/^(Flink|Kafka|definition).*: ./)
})

async function runJoinCase({ pipeline, steps }: JoinCase): Promise<{
  readonly happened: readonly { readonly out: readonly Output[]; readonly late: readonly Fed[] }[]
  readonly metrics: OperatorMetrics | undefined
}> {
  const inputs = { left: new Subject<Input>(), right: new Subject<Input>() }
  const lateLeft = sideOutput<Event<Value, string, undefined>>('late on the left')
  const lateRight = sideOutput<Event<Value, string, undefined>>('late on the right')
  const out: Output[] = []
  const late: Fed[] = []
  const clock = new VirtualClock()
  const joined = inputs.left.pipe(temporalJoin(inputs.right, { ...pipeline, lateLeft, lateRight }))
  const job = run(
    [
      route(joined, (element) => {
        if (element.kind !== 'event') return
        const { key, value, time } = element
        out.push({ key, left: value.left, right: value.right ?? null, time })
      }),
      route(lateLeft, ({ key, value, time }) => void late.push({ input: 'left', key, value, time })),
      route(lateRight, ({ key, value, time }) => void late.push({ input: 'right', key, value, time })),
    ],
    { clock },
  )
  // An error of the job is that of `stop` as well.
  job.done.catch(() => {})
  const happened: { readonly out: readonly Output[]; readonly late: readonly Fed[] }[] = []
  for (const step of steps) {
    await settled(clock)
    feed(step, inputs)
    await settled(clock)
    happened.push({ out: out.splice(0), late: late.splice(0) })
  }
  const { operators, balanced } = job.metrics()
  expect(balanced).toBe(true)
  await job.stop()
  return { happened, metrics: operators.at(-1) }
}

function feed(step: Step, inputs: Readonly<Record<Side, Subject<Input>>>): void {
  if ('event' in step) {
    const { input, key, value, time } = step.event
    inputs[input].next(event(value, time, key))
    return
  }
  const sides: readonly Side[] = 'input' in step && step.input !== undefined ? [step.input] : ['left', 'right']
  for (const side of sides) {
    if ('end' in step) inputs[side].complete()
    else inputs[side].next(watermark(step.watermark))
  }
}

function inFixedOrder(outputs: readonly Output[]): readonly Output[] {
  const nameOf = (output: Output): string => JSON.stringify(output)
  return outputs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}
