// Runs the cases of the data files; README.md says what they mean. Those of joins have tests of their own.
import { isDeepStrictEqual } from 'node:util'
import { NEVER } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import type { PaneInfo } from '../../lib/window.ts'
import { CombinedWatermark } from '../../lib/watermarks/combined-watermark.ts'
import type { Change } from '../../operators/changes.ts'
import { intervalJoin } from '../../operators/interval-join.ts'
import { type Area, areas } from './fixtures/areas.ts'
import { buildWindow, buildWindows } from './fixtures/build-window.ts'
import { expectedAfter, readCases } from './fixtures/case.ts'
import { asOutput, inFixedOrder, inFull, withSortedList } from './fixtures/comparable.ts'
import type { AssignCase, InvalidCase, MergeCase } from './fixtures/other-cases.ts'
import { type GenerationCase, runGenerationCase } from './fixtures/run-generation-case.ts'
import { runWindowCase } from './fixtures/run-window-case.ts'
import type { WindowCase } from './fixtures/window-case.ts'

describe.each(areasOf('assign'))('$name', ({ file }) => {
  test.each(readCases<AssignCase>(file).cases)('$id: $why', ({ pipeline, assign }) => {
    const windows = buildWindows(pipeline.assigner)
    for (const { time, windows: expected } of assign) {
      const assigned = 'kind' in windows ? [] : windows.assign(time, { value: undefined })
      expect(assigned.map(({ start, end }) => (end === Infinity ? 'global' : [start, end]))).toEqual(expected)
    }
  })
})

describe.each(areasOf('invalid'))('$name', ({ file }) => {
  test.each(readCases<InvalidCase>(file).cases)('$id: $why', ({ config }) => {
    const build = (): unknown => {
      if (!('intervalJoin' in config)) return buildWindow({ aggregate: 'count', ...config })
      const { lower, upper } = config.intervalJoin
      return intervalJoin(NEVER, lower, upper)
    }
    expect(build).toThrow(TidemarkError)
  })
})

describe.each(areasOf('window'))('$name', ({ file }) => {
  const { cases } = readCases<WindowCase>(file)

  test.each(cases.filter(isOfInsertions))('$id: $why', (given) => check(given, true))

  // The same results, but nothing is shared between windows, and more is kept.
  test.each(cases.filter(mayBeTakenBack))('$id, of a stream that may take values back: $why', (given) =>
    check(given, false),
  )
})

describe.each(areasOf('generation'))('$name', ({ file }) => {
  test.each(readCases<GenerationCase>(file).cases)('$id: $why', async (given) => {
    for (const [i, { probes, late }] of (await runGenerationCase(given)).entries()) {
      const expected = expectedAfter(i, given.expect)
      expect(probes, `after step ${i}`).toMatchObject(expected.out ?? [])
      expect(late, `late after step ${i}`).toEqual(expected.late ?? [])
    }
  })
})

describe.each(areasOf('merge'))('$name', ({ file }) => {
  test.each(readCases<MergeCase>(file).cases)('$id: $why', ({ pipeline, steps, expect: expected }) => {
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

function areasOf(kind: Area['kind']): readonly Area[] {
  return areas.filter((area) => area.kind === kind)
}

function isOfInsertions({ steps }: WindowCase): boolean {
  return !steps.some((step) => 'retraction' in step)
}

/** Some windows make sense for insertions only, and say so. */
function mayBeTakenBack({ pipeline: { assigner, accumulation } }: WindowCase): boolean {
  return accumulation !== 'discarding' && assigner.type !== 'sliding' && assigner.type !== 'count'
}

async function check(given: WindowCase, isInsertOnly: boolean): Promise<void> {
  const { steps, metrics } = await runWindowCase(given, isInsertOnly)
  const isCounted = given.pipeline.assigner.type === 'count'
  for (const [i, happened] of steps.entries()) {
    const { out = [], late = [], closed = [], ordered = isCounted } = expectedAfter(i, given.expect)
    const arranged = ordered ? (outputs: typeof out) => outputs.map(withSortedList) : inFixedOrder
    expect(arranged(happened.out.map(asOutput)), `out after step ${i}`).toMatchObject(arranged(out.map(inFull)))
    expect(happened.late, `late after step ${i}`).toEqual(late)
    expect(happened.closed, `closed after step ${i}`).toEqual(closed)
  }
  expectToTakeBackWhatStands(steps.flatMap(({ out }) => out))
  const { operators, balanced } = metrics
  expect(balanced).toBe(true)
  const windows = operators.filter(({ name }) => name === 'window')
  if (given.finalState === 'empty') {
    for (const { entries, held } of windows) expect({ entries, held }).toEqual({ entries: 0, held: 0 })
  }
  expect(windows[0]).toMatchObject({
    late: steps.flatMap(({ late }) => late).length,
    closed: steps.flatMap(({ closed }) => closed).length,
    ...given.metrics,
  })
}

/** What is taken back is a result that stands: the same value, time and pane, to the last field. */
function expectToTakeBackWhatStands(changes: readonly Change<unknown, string, PaneInfo>[]): void {
  const standing: Omit<Change<unknown, string, PaneInfo>, 'op'>[] = []
  for (const { op, ...result } of changes) {
    if (op === '+') {
      standing.push(result)
      continue
    }
    const at = standing.findIndex((each) => isDeepStrictEqual(each, result))
    expect(standing[at], 'a result that stands and is taken back').toEqual(result)
    standing.splice(at, 1)
  }
}
