// Laws of `compact`, over the changelog of a table whose changes come in any order, with watermarks that rise as they like:
//
// 1. When the watermark reaches a multiple, what has come out folds to the table that has come in; in between nothing comes out.
// 2. What comes out at a multiple are the keys whose row is another one than before, each once, in the order in which they
//    changed first.
// 3. A row that was on time when it came is on time when it leaves.
// 4. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Diff, type Element, event, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { run } from '../lib/run.ts'
import { compact } from '../operators/compact.ts'
import { runs } from './fixtures/runs.ts'

type Output = Element<number, string, undefined, Diff>
type Rows = ReadonlyMap<string, { readonly value: number; readonly time: number }>

interface Step {
  readonly key: string
  /** The next row of the key; undefined deletes. */
  readonly value: number | undefined
  readonly time: number
}

const steps: fc.Arbitrary<readonly (Step | number)[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        key: fc.constantFrom('a', 'b', 'c'),
        value: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
        time: fc.integer({ min: -20, max: 40 }),
      }),
    },
    { weight: 2, arbitrary: fc.integer({ min: -20, max: 40 }) },
  ),
  { maxLength: 40, size: 'max' },
)

/** A changelog of the steps: numbers are watermarks. */
function changelog(script: readonly (Step | number)[]): readonly Output[] {
  const rows = new Map<string, { readonly value: number; readonly time: number }>()
  return script.flatMap((step): Output[] => {
    if (typeof step === 'number') return [watermark(step)]
    const { key, value, time } = step
    const before = rows.get(key)
    const out: Output[] = before === undefined ? [] : [event(before.value, before.time, key, -1)]
    if (value === undefined) rows.delete(key)
    else {
      rows.set(key, { value, time })
      out.push(event<number, string, undefined, Diff>(value, time, key))
    }
    return out
  })
}

/** What is to come out, by the rows there were at each multiple. */
function replay(input: readonly Output[], every: number): readonly Output[] {
  const out: Output[] = []
  const rows = new Map<string, { readonly value: number; readonly time: number }>()
  let known: Rows = new Map()
  let changed = new Set<string>()
  let reached = -Infinity
  for (const element of [...input, watermark(Infinity)]) {
    if (element.kind === 'idle') continue
    if (element.kind === 'event') {
      const { key, value, time, diff } = element
      changed.add(key)
      if (diff === 1) rows.set(key, { value, time })
      else rows.delete(key)
      continue
    }
    if (element.time <= reached) continue
    if (Math.floor(element.time / every) > Math.floor(reached / every) || element.time === Infinity) {
      for (const key of changed) {
        const [before, after] = [known.get(key), rows.get(key)]
        if (before?.value === after?.value && before?.time === after?.time) continue
        if (before !== undefined) out.push(event(before.value, before.time, key, -1))
        if (after !== undefined) out.push(event<number, string, undefined, Diff>(after.value, after.time, key))
      }
      known = new Map(rows)
      changed = new Set()
    }
    reached = element.time
    out.push(watermark(reached - every))
  }
  return out
}

async function outcomeOf(
  input: readonly Output[],
  every: number,
  batchSize: number,
): Promise<{ out: readonly Output[]; metrics: OperatorMetrics | undefined }> {
  const out: Output[] = []
  const stream = fromIterable(input).pipe(compact(every))
  const metrics = await run(stream, (element) => void out.push(element), { clock: new VirtualClock(), batchSize }).done
  expect(metrics.balanced).toBe(true)
  return { out, metrics: metrics.operators.at(-1) }
}

test('1, 2, 4: at each multiple what has changed comes out, once a key', async () => {
  const property = fc.asyncProperty(
    steps,
    fc.integer({ min: 1, max: 15 }),
    fc.constantFrom(1, 2, 1_024),
    async (script, every, batchSize) => {
      const input = changelog(script)
      const { out, metrics } = await outcomeOf(input, every, batchSize)
      expect(out).toEqual(replay(input, every))
      expect(metrics).toMatchObject({ held: 0, entries: 0 })
    },
  )
  await fc.assert(property, runs)
})

test('3: what was on time is on time when it leaves', async () => {
  const property = fc.asyncProperty(steps, fc.integer({ min: 1, max: 15 }), async (script, every) => {
    // Each row is another one, so that it is known again.
    const input = changelog(
      script.map((step, i) => (typeof step === 'number' || step.value === undefined ? step : { ...step, value: i })),
    )
    const onTime = (elements: readonly Output[]): ReadonlySet<string> => {
      let reached = -Infinity
      const found = new Set<string>()
      for (const element of elements) {
        if (element.kind === 'watermark') reached = Math.max(reached, element.time)
        if (element.kind === 'event' && element.diff === 1 && element.time >= reached)
          found.add(JSON.stringify(element))
      }
      return found
    }
    const { out } = await outcomeOf(input, every, 1_024)
    const [before, after] = [onTime(input), onTime(out)]
    const late = out.filter(
      (element) => element.kind === 'event' && element.diff === 1 && !after.has(JSON.stringify(element)),
    )
    expect(late.filter((element) => before.has(JSON.stringify(element)))).toEqual([])
  })
  await fc.assert(property, runs)
})
