// Runs the cases of window-join.json. What they have in common with others is in README.md. `pipeline` names the `operator`, its
// windows and the `kind` of the join. An event says which `input` it is for, and so may a watermark, which otherwise is for both;
// `idle` and `complete` say that an input is. A result has `left` and `right`, null where there is none, and no `right` at all
// where left values leave. Those of a step may come in any order unless it is `ordered`; what is in a group is in the order of
// arrival.
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { type Element, event, type Event, idle, type Stream, watermark } from '../../lib/element.ts'
import type { WindowJoinKind } from '../../lib/joins/pairs.ts'
import type { OperatorMetrics } from '../../lib/metrics.ts'
import { route, run } from '../../lib/run.ts'
import type { PaneInfo, WindowAssigner } from '../../lib/window.ts'
import { type SideOutput, sideOutput } from '../../lib/wiring/side-output.ts'
import { coGroup } from '../../operators/co-group.ts'
import { windowJoin } from '../../operators/window-join.ts'
import { buildWindows, type Item } from './fixtures/build-window.ts'
import { type Case, type Expected, expectedAfter, readCases } from './fixtures/case.ts'
import { settled } from './fixtures/settled.ts'
import type { AssignerData } from './fixtures/window-case.ts'

type Side = 'left' | 'right'

interface Fed {
  readonly input: Side
  readonly key: string
  readonly value: unknown
  readonly time: number
}

type Step =
  | { readonly event: Fed & { readonly gap?: number } }
  | { readonly watermark: number; readonly input?: Side }
  | { readonly idle: true; readonly input: Side }
  | { readonly complete: true; readonly input: Side }
  | { readonly end: true }

interface Output {
  readonly key: string
  readonly window: readonly [number, number] | 'global'
  readonly left: unknown
  readonly right?: unknown
  /** The window's last millisecond, unless given. */
  readonly time?: number
}

interface ExpectedStep extends Expected<Output> {
  readonly ordered?: boolean
  readonly late?: readonly Fed[]
}

type Pipeline =
  | { readonly operator: 'coGroup'; readonly assigner: AssignerData }
  | { readonly operator: 'windowJoin'; readonly assigner: AssignerData; readonly kind: WindowJoinKind }

interface JoinCase extends Case {
  readonly pipeline: Pipeline
  readonly steps: readonly Step[]
  readonly expect: readonly ExpectedStep[]
  readonly finalState?: 'empty'
}

interface Happened {
  readonly out: readonly Output[]
  readonly late: readonly Fed[]
}

type Input = Element<Item, string, undefined>
type Inputs = Readonly<Record<Side, Subject<Input>>>
type Late = Readonly<Record<`late${'Left' | 'Right'}`, SideOutput<Event<Item, string, undefined>>>>

const { cases } = readCases<JoinCase>('window-join')

test.each(cases)('$id: $why', async (given) => {
  const { happened, metrics } = await runJoinCase(given)
  for (const [i, happening] of happened.entries()) {
    const { out = [], late = [], ordered = false } = expectedAfter(i, given.expect)
    const arranged = ordered ? (outputs: readonly Output[]) => outputs : inFixedOrder
    expect(arranged(happening.out), `out after step ${i}`).toEqual(arranged(out.map(inFull)))
    expect(happening.late, `late after step ${i}`).toEqual(late)
  }
  if (given.finalState === 'empty') expect(metrics).toMatchObject({ held: 0, entries: 0 })
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { from, why } of cases) expect(`${from}: ${why}`).toMatch(/^(Flink|definition).*: ./)
})

async function runJoinCase({
  pipeline,
  steps,
}: JoinCase): Promise<{ readonly happened: readonly Happened[]; readonly metrics: OperatorMetrics | undefined }> {
  const inputs: Inputs = { left: new Subject<Input>(), right: new Subject<Input>() }
  const outputs: Late = { lateLeft: sideOutput('late on the left'), lateRight: sideOutput('late on the right') }
  const out: Output[] = []
  const late: Fed[] = []
  const clock = new VirtualClock()
  const lateFrom = (input: Side, { key, value: { value }, time }: Event<Item, string, undefined>): void => {
    late.push({ input, key, value, time })
  }
  const job = run(
    [
      route(
        build(pipeline, inputs, outputs),
        (element) => void (element.kind === 'event' && out.push(asOutput(element))),
      ),
      route(outputs.lateLeft, (each) => lateFrom('left', each)),
      route(outputs.lateRight, (each) => lateFrom('right', each)),
    ],
    { clock },
  )
  // An error of the job is that of `stop` as well.
  job.done.catch(() => {})
  const happened: Happened[] = []
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

function build(pipeline: Pipeline, { left, right }: Inputs, outputs: Late): Stream<unknown, string, PaneInfo> {
  // No case has windows that are no assigner.
  const assigner = buildWindows(pipeline.assigner) as WindowAssigner<Item>
  if (pipeline.operator === 'coGroup') return left.pipe(coGroup(right, assigner, outputs))
  const { kind } = pipeline
  return left.pipe(
    windowJoin<Item, Item, string, undefined, undefined, WindowJoinKind>(right, assigner, { kind, ...outputs }),
  )
}

function feed(step: Step, inputs: Inputs): void {
  if ('event' in step) {
    const { input, key, value, time, gap } = step.event
    inputs[input].next(event(gap === undefined ? { value } : { value, gap }, time, key))
    return
  }
  const sides: readonly Side[] = 'input' in step && step.input !== undefined ? [step.input] : ['left', 'right']
  for (const side of sides) {
    if ('watermark' in step) inputs[side].next(watermark(step.watermark))
    else if ('idle' in step) inputs[side].next(idle)
    else inputs[side].complete()
  }
}

/** What left, as a case writes it down. */
function asOutput({ key, value, time, pane }: Event<unknown, string, PaneInfo>): Output {
  const { start, end } = pane.window
  const window = end === Infinity ? 'global' : ([start, end] as const)
  expect(pane).toMatchObject({ timing: 'on-time', index: 0, isFirst: true, isLast: true })
  const row = value as Item | { readonly left?: unknown; readonly right?: unknown }
  if ('value' in row) return { key, window, left: row.value, time }
  return { key, window, left: valueOf(row.left), right: valueOf(row.right), time }
}

function valueOf(side: unknown): unknown {
  if (Array.isArray(side)) return side.map(valueOf)
  return (side as Item | undefined)?.value ?? null
}

function inFull(output: Output): Output {
  const { window } = output
  return typeof window === 'object' ? { time: window[1] - 1, ...output } : output
}

function inFixedOrder(outputs: readonly Output[]): readonly Output[] {
  const nameOf = ({ key, window, left, right }: Output): string => JSON.stringify([key, window, left, right])
  return outputs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}
