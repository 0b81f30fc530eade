// What `detect` holds, when it lets go of it, and how much it does in a turn.
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { alive } from '../lib/fixtures/alive.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { turns } from '../lib/fixtures/turns.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { begin } from '../lib/patterns/begin.ts'
import { run, type RunningJob } from '../lib/run.ts'
import { detect } from './detect.ts'

interface Reading {
  readonly kind: string
}

const isOf = (kind: string) => (reading: Reading) => reading.kind === kind
const pair = begin('a', isOf('a')).followedBy('b', isOf('b')).within(10)

function detectOf(job: RunningJob): OperatorMetrics | undefined {
  return job.metrics().operators.find(({ name }) => name === 'detect')
}

test('what is in no partial match any more is gone', async () => {
  const refs: WeakRef<Reading>[] = []
  const fresh = (kind: string): Reading => {
    const reading = { kind }
    refs.push(new WeakRef(reading))
    return reading
  }
  const source = new ScriptedSource<Element<Reading, string, undefined>>()
  const job = run(source.values.pipe(detect(pair)), () => {})
  source.give(
    event(fresh('a'), 1, 'k'),
    event(fresh('c'), 2, 'k'),
    event(fresh('a'), 5, 'l'),
    event(fresh('b'), 30, 'k'),
  )
  await turns()
  expect(await alive(refs)).toBe(4)
  source.give(watermark(6))
  await turns()
  expect(await alive(refs)).toBe(3)
  source.give(watermark(11))
  await turns()
  expect(await alive(refs)).toBe(2)
  source.give(watermark(15))
  await turns()
  expect(await alive(refs)).toBe(1)
  await job.stop()
})

test('a key is gone with its last partial match', async () => {
  const keys = Array.from({ length: 3 }, () => ({}))
  const refs = keys.map((key) => new WeakRef(key))
  const source = new ScriptedSource<Element<Reading, object, undefined>>()
  const job = run(source.values.pipe(detect(pair)), () => {})
  source.give(...keys.splice(0).flatMap((key, i) => [event({ kind: 'a' }, i, key), event({ kind: 'c' }, i, key)]))
  source.give(watermark(5))
  await turns()
  expect(await alive(refs)).toBe(3)
  source.give(watermark(11))
  await turns()
  expect(await alive(refs)).toBe(1)
  await job.stop()
})

test('many matches of one event leave in slices, before anything else flows', async () => {
  const source = new ScriptedSource<Element<Reading, string, undefined>>()
  const all = begin('a', isOf('a')).followedBy('b', isOf('b')).within(1_000)
  const job = run(source.values.pipe(detect(all)), () => {}, { batchSize: 10 })
  const counts: string[] = []
  source.give(...Array.from({ length: 25 }, (_, n) => event({ kind: 'a' }, n, 'k')), watermark(25))
  await turns()
  source.give(
    event({ kind: 'b' }, 25, 'k'),
    event({ kind: 'b' }, 26, 'k'),
    watermark(30),
    event({ kind: 'a' }, 40, 'k'),
  )
  for (let i = 0; i < 8; i++) {
    await turns(1)
    const { out, filtered } = detectOf(job) ?? {}
    counts.push(`${out} left, ${filtered} filtered`)
  }
  expect(counts.filter((n, i) => n !== counts[i - 1])).toEqual([
    '9 left, 0 filtered',
    '19 left, 0 filtered',
    '25 left, 1 filtered',
  ])
  expect(detectOf(job)).toMatchObject({ in: 28, held: 1 })
  await job.stop()
})

test('a job that runs for long holds no more: 100,000 events, of which one in ten begins something', async () => {
  let most = 0
  function* events(): Generator<Element<Reading, number, undefined>> {
    for (let i = 0; i < 100_000; i++) {
      yield event({ kind: i % 10 === 0 ? 'a' : 'c' }, i, i % 7)
      if (i % 10 === 9) yield watermark(i)
      if (i % 1_000 === 0) most = Math.max(most, detectOf(job)?.held ?? 0)
    }
  }
  const job = run(fromIterable(events(), { chunkSize: 10 }).pipe(detect(pair)), () => {})
  const { operators } = await job.done
  expect(operators.at(-1)).toMatchObject({ in: 100_000, contributed: 10_000, filtered: 90_000, held: 0, entries: 0 })
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(40)
})
