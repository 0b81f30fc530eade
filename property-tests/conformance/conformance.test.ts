import { readFileSync } from 'node:fs'
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { collect } from '../../lib/aggregates/collect.ts'
import { count } from '../../lib/aggregates/count.ts'
import { max } from '../../lib/aggregates/max.ts'
import { min } from '../../lib/aggregates/min.ts'
import { sum } from '../../lib/aggregates/sum.ts'
import type { Aggregate } from '../../lib/aggregate.ts'
import { hopping } from '../../lib/windows/hopping.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { VirtualClock } from '../../lib/clock.ts'
import { CombinedWatermark } from '../../lib/watermarks/combined-watermark.ts'
import { type Element, event, type Event } from '../../lib/element.ts'
import { TidemarkError } from '../../lib/errors.ts'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../../lib/watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import type { PaneInfo, WindowAssigner } from '../../lib/window.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import { keyBy } from '../../operators/key-by.ts'
import { map } from '../../operators/map.ts'
import { window } from '../../operators/window.ts'
import { type Pane, panes } from '../../operators/panes.ts'

interface Case {
  readonly id: string
  readonly why: string
}

interface AssignerConfig {
  readonly type: 'tumbling' | 'hopping'
  readonly size: number
  readonly hop?: number
  readonly offset?: number
}

interface AssignCase extends Case {
  readonly pipeline: { readonly assigner: AssignerConfig }
  readonly assign: readonly { readonly time: number; readonly windows: readonly (readonly [number, number])[] }[]
}

interface InvalidCase extends Case {
  readonly config: { readonly assigner: AssignerConfig; readonly allowedLateness?: number }
}

interface Expected {
  readonly afterStep: number
  readonly out?: readonly Readonly<Record<string, unknown>>[]
  readonly late?: readonly Readonly<Record<string, unknown>>[]
  readonly ordered?: boolean
}

interface Keyed {
  readonly key: string
  readonly value: number
}

type WindowStep =
  { readonly event: Keyed & { readonly time: number } } | { readonly watermark: number } | { readonly end: true }

interface WindowCase extends Case {
  readonly pipeline: {
    readonly assigner: AssignerConfig
    readonly aggregate: keyof typeof aggregates
    readonly allowedLateness: number
  }
  readonly steps: readonly WindowStep[]
  readonly expect: readonly Expected[]
  readonly finalState?: 'empty'
}

type GenerationStep =
  { readonly event: { readonly time: number } } | { readonly processingTime: number } | { readonly probe: true }

interface GenerationCase extends Case {
  readonly pipeline: {
    readonly generator: { readonly type: string; readonly bound?: number }
    readonly idleTimeout?: number
  }
  readonly steps: readonly GenerationStep[]
  readonly expect: readonly Expected[]
}

interface MergeStep {
  readonly input: number
  readonly watermark?: number
  readonly idle?: true
  readonly active?: true
}

interface MergeCase extends Case {
  readonly pipeline: { readonly inputs: number }
  readonly steps: readonly MergeStep[]
  readonly expect: readonly Expected[]
}

const aggregates = {
  sum: sum(),
  count: count<number>(),
  collect: collect<number>(),
  min: min<number>(),
  max: max<number>(),
}

describe('assign', () => {
  test.each(casesOf<AssignCase>('assign'))('$id: $why', ({ pipeline, assign }) => {
    const assigner = assignerOf(pipeline.assigner)
    for (const { time, windows } of assign) {
      expect(assigner.assign(time).map(({ start, end }) => [start, end])).toEqual(windows)
    }
  })
})

describe('invalid', () => {
  test.each(casesOf<InvalidCase>('invalid'))('$id: $why', ({ config: { assigner, ...options } }) => {
    expect(() => window(assignerOf(assigner), count(), options)).toThrow(TidemarkError)
  })
})

describe('window', () => {
  test.each(casesOf<WindowCase>('window'))('$id: $why', async ({ pipeline, steps, expect: expected, finalState }) => {
    const { assigner, allowedLateness } = pipeline
    const aggregate: Aggregate<number, unknown, unknown> = aggregates[pipeline.aggregate]
    const input = new Subject<Element<Keyed, undefined, undefined>>()
    const late = sideOutput<Event<number, string, undefined>>('late')
    const out: Pane<unknown, string>[] = []
    const lateOut: Event<number, string, undefined>[] = []
    const results = input.pipe(
      keyBy(({ key }) => key),
      map(({ value }) => value),
      window(assignerOf(assigner), aggregate, { allowedLateness, late }),
      panes(),
    )
    const clock = new VirtualClock()
    const job = run([route(results, (pane) => void out.push(pane)), route(late, (e) => void lateOut.push(e))], {
      clock,
    })
    for (const [i, step] of steps.entries()) {
      await settled(clock)
      if ('event' in step) input.next(event(step.event, step.event.time))
      else if ('watermark' in step) input.next({ kind: 'watermark', time: step.watermark })
      else input.complete()
      await settled(clock)
      const { out: outExpected = [], late: lateExpected = [], ordered = false } = expectedAfter(i, expected)
      const got = out.splice(0).map(asRecord)
      expect(ordered ? got : inFixedOrder(got), `out after step ${i}`).toMatchObject(
        ordered ? outExpected : inFixedOrder(outExpected),
      )
      expect(
        lateOut.splice(0).map(({ key, value, time }) => ({ key, value, time })),
        `late after step ${i}`,
      ).toEqual(lateExpected)
    }
    const { operators, balanced } = job.metrics()
    expect(balanced).toBe(true)
    const { entries, held } = operators.find(({ name }) => name === 'window') ?? {}
    if (finalState === 'empty') expect({ entries, held }).toEqual({ entries: 0, held: 0 })
    await job.stop()
  })
})

describe('watermark generation', () => {
  test.each(casesOf<GenerationCase>('watermark-generation'))(
    '$id: $why',
    async ({ pipeline, steps, expect: expected }) => {
      const { generator, idleTimeout } = pipeline
      const options = idleTimeout === undefined ? {} : { idleTimeout }
      const strategy =
        generator.type === 'monotonous' ? monotonous(options) : boundedOutOfOrderness(generator.bound ?? 0, options)
      const clock = new VirtualClock()
      const input = new Subject<number>()
      let watermark: number | null = null
      let idle = false
      const late: { time: number }[] = []
      const job = run(
        input.pipe(assignTimestamps((time: number) => time, strategy)),
        (element) => {
          if (element.kind === 'watermark') watermark = element.time
          else if (element.kind === 'event' && element.time < (watermark ?? -Infinity))
            late.push({ time: element.time })
          idle = element.kind === 'idle'
        },
        { clock },
      )
      for (const [i, step] of steps.entries()) {
        await settled(clock)
        if ('event' in step) input.next(step.event.time)
        else if ('processingTime' in step) clock.advanceTo(step.processingTime)
        await settled(clock)
        const { out = [], late: lateExpected = [] } = expectedAfter(i, expected)
        expect('probe' in step ? [{ watermark, idle }] : [], `after step ${i}`).toMatchObject(out)
        expect(late.splice(0), `late after step ${i}`).toEqual(lateExpected)
      }
      await job.stop()
    },
  )
})

describe('watermark merge', () => {
  test.each(casesOf<MergeCase>('watermark-merge'))('$id: $why', ({ pipeline, steps, expect: expected }) => {
    const combined = new CombinedWatermark(pipeline.inputs)
    for (const [i, { input, watermark, idle }] of steps.entries()) {
      const { time, isIdle } = combined
      if (watermark !== undefined) combined.watermark(input, watermark)
      else if (idle === true) combined.idle(input)
      else combined.active(input)
      const out: Record<string, unknown>[] = []
      if (combined.time > time) out.push({ watermark: combined.time })
      if (combined.isIdle !== isIdle) out.push({ status: combined.isIdle ? 'idle' : 'active' })
      expect(out, `after step ${i}`).toEqual(expectedAfter(i, expected).out ?? [])
    }
  })
})

function casesOf<C extends Case>(name: string): readonly C[] {
  const text = readFileSync(new URL(`${name}.json`, import.meta.url), 'utf8')
  return (JSON.parse(text) as { readonly cases: readonly C[] }).cases
}

function assignerOf({ type, size, hop = size, offset = 0 }: AssignerConfig): WindowAssigner {
  return type === 'tumbling' ? tumbling(size, { offset }) : hopping(size, hop, { offset })
}

function expectedAfter(step: number, expected: readonly Expected[]): Expected {
  return expected.find(({ afterStep }) => afterStep === step) ?? { afterStep: step }
}

/** Turns until a job has done all it has to do, and waits for its input. */
async function settled(clock: VirtualClock): Promise<void> {
  for (let i = 0; i < 4; i++) await clock.turn()
}

function asRecord({ key, window: { start, end }, value, ...info }: Pane<unknown, string>): Record<string, unknown> {
  const { timing, index, isFirst, isLast, nonSpeculativeIndex } = info satisfies Omit<PaneInfo, 'window'>
  return { key, window: [start, end], value, pane: { timing, index, isFirst, isLast, nonSpeculativeIndex } }
}

/** By key and window; values of a list in the order of their sizes. Stable, so that panes of one window keep their order. */
function inFixedOrder(outputs: readonly Readonly<Record<string, unknown>>[]): Readonly<Record<string, unknown>>[] {
  const nameOf = ({ key, window: span }: Readonly<Record<string, unknown>>): string => JSON.stringify([key, span])
  return outputs
    .map((output) => ({
      ...output,
      value: Array.isArray(output['value']) ? (output['value'] as number[]).toSorted((a, b) => a - b) : output['value'],
    }))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) > nameOf(b))))
}
