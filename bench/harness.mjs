// How many runs of a pipeline of 50 events `tidemark/property-tests` manages in a second, on one core: a tumbling sum of two keys,
// and sessions that are taken back. A run is a job of its own, from its source to its sink; a case of `checkPipeline` is several.
// `npm run bench:harness`; exits with 1 when fewer than 2,000.

import fc from 'fast-check'
import { boundedOutOfOrderness, count, session, sum, tumbling } from 'tidemark'
import { keyBy, window } from 'tidemark/operators'
import { checkPipeline, events, laws, trial } from 'tidemark/property-tests'
import { report } from './report.mjs'

const watermark = boundedOutOfOrderness('60s')
const value = fc.record({ page: fc.constantFrom('a', 'b'), bytes: fc.nat({ max: 9 }) })
const hits = events({ value, span: '4h', disorder: '60s', edges: '1h' })

/** @typedef {{ readonly page: string, readonly bytes: number }} Hit */
/** @typedef {import('tidemark/property-tests').Pipeline<Hit>} Pipeline */

/** @type {Readonly<Record<string, Pipeline>>} */
const pipelines = {
  'tumbling sums': (stream) =>
    stream.pipe(
      keyBy(({ page }) => page),
      window(
        tumbling('1h'),
        sum(({ bytes }) => bytes),
      ),
    ),
  'sessions, taken back': (stream) =>
    stream.pipe(
      keyBy(({ page }) => page),
      window(session('30m'), count(), { accumulation: 'retracting', allowedLateness: '1h' }),
    ),
}

/** Inputs of exactly 50 events. */
const inputs = fc.sample(hits, { seed: 1, numRuns: 4_000 }).filter((each) => each.length === 50)

const figures = []
for (const [name, pipeline] of Object.entries(pipelines)) {
  await runsPerSecond(pipeline, 1_000)
  const measured = Math.max(await runsPerSecond(pipeline, 4_000), await runsPerSecond(pipeline, 4_000))
  figures.push({ name: `${name}: runs a second`, measured, atLeast: 2_000 })
}

const asked = [laws.orderInsensitive(), laws.chunkInvariant(), laws.accountsForEveryEvent(), laws.resumable()]
for (const [name, pipeline] of Object.entries(pipelines)) {
  const began = performance.now()
  const { cases } = await checkPipeline(pipeline, { events: hits, watermark, laws: asked, runs: 400 })
  const measured = (1_000 * cases) / (performance.now() - began)
  figures.push({ name: `${name}: cases a second, under ${asked.length} laws`, measured })
}
report('harness', figures)

/**
 * @param {Pipeline} pipeline
 * @param {number} runs
 */
async function runsPerSecond(pipeline, runs) {
  const began = performance.now()
  for (let i = 0; i < runs; i++) await trial({ pipeline, watermark }, inputs[i % inputs.length] ?? [])
  return (1_000 * runs) / (performance.now() - began)
}
