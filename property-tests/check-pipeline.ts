import { AssertionError } from 'node:assert/strict'
import * as fc from 'fast-check'
import { messageOf } from '../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../lib/time.ts'
import type { Arrival } from './arrival.ts'
import type { Case } from './case.ts'
import { cases } from './cases.ts'
import { type CaseOptions, firstBroken } from './check-case.ts'
import { type Counterexample, counterexampleOf } from './counterexample/counterexample.ts'
import { type RegressionFile, writeRegression } from './counterexample/regression-file.ts'
import { type Requirement, uncovered } from './cover.ts'
import { Distribution } from './distribution.ts'
import type { Law } from './law.ts'
import { sampleOf } from './sample.ts'
import type { Pipeline } from './trial.ts'
import { tried } from './tried.ts'

/** What is tried of a pipeline, and how. */
export interface CheckOptions<T> extends CaseOptions<T> {
  /** What arrives, as `events` makes it. */
  readonly events: fc.Arbitrary<readonly Arrival<T>[]>
  /** How many cases are tried; 100 unless given. */
  readonly runs?: number
  /** No further case is begun after this much time; as long as it takes unless given. */
  readonly budget?: Duration
  /** Repeats a run, as the message of a failure says. */
  readonly seed?: number
  /** Goes straight to the failure of that seed. */
  readonly path?: string
  /** Cases that are tried before others, such as former counterexamples. */
  readonly examples?: readonly Case<T>[]
  /** What has to come up often enough. */
  readonly cover?: readonly Requirement[]
  /** Gets what was tried, if every law held: `console.log` will do. */
  readonly report?: (report: CheckReport) => void
  /** A test file that is written for a counterexample. */
  readonly regression?: RegressionFile
}

/** What was tried, without a law that broke. */
export interface CheckReport {
  readonly seed: number
  readonly cases: number
  /** What came up; every fourth case is looked at, or each if something is to be covered. */
  readonly distribution: Distribution
  toString(): string
}

/** A law does not hold: thrown by `checkPipeline`. */
export class LawBroken extends Error {
  override readonly name = 'LawBroken'
  readonly counterexample: Counterexample

  constructor(counterexample: Counterexample) {
    super(counterexample.toString())
    this.counterexample = counterexample
  }
}

/**
 * Checks a pipeline against disorder: tries orders of arrival, lateness, splits, chunks, crashes and clocks, all from one seed, under
 * laws that should hold.
 *
 * A case that breaks a law is shrunk while it breaks that law: to one in which little happens, with the least disorder, the fewest
 * events, the smallest values. What is left is drawn, with what led to it event by event, and code to keep it as a test.
 *
 * Works in any test runner: a test that awaits it passes if it resolves.
 *
 * @param pipeline called once for each run: it must not share anything between two calls. Gets the events as a stream without keys,
 *   and gives a stream, or what `values`, `panes` or `changes` make of one. One of several inputs takes them apart with `filter`
 * @returns what was tried
 * @throws LawBroken when a law does not hold; AssertionError when what is to be covered did not come up often enough;
 *   TidemarkError for options that are none
 * @see Claessen and Hughes, QuickCheck, ICFP 2000; for crashes, Zhou et al., FoundationDB, SIGMOD 2021
 * @example
 * ```ts
 * test('hourly users', () =>
 *   checkPipeline((hits) => hits.pipe(keyBy((h) => h.page), window(session('30m'), countDistinct((h) => h.user))), {
 *     events: events({ value: fc.record({ page: fc.constantFrom('a', 'b'), user: fc.nat(9) }), span: '4h', disorder: '60s' }),
 *     watermark: boundedOutOfOrderness('60s'),
 *     laws: [laws.orderInsensitive(), laws.accountsForEveryEvent(), laws.resumable()],
 *   }))
 * ```
 */
export async function checkPipeline<T>(pipeline: Pipeline<NoInfer<T>>, options: CheckOptions<T>): Promise<CheckReport> {
  const { events, laws, runs = 100, cover = [], seed, path, budget, examples = [] } = options
  const experiment = { ...options, pipeline }
  const distribution = new Distribution()
  let broken: Law<T> | undefined
  let count = 0
  const holds = async (of: Case<T>): Promise<void> => {
    const at = tried(experiment, of)
    // One that broke is pursued, and not another that its smaller cases may break too.
    const found = await firstBroken(broken === undefined ? laws : [broken], at)
    if (found !== undefined) {
      broken = found.law
      throw new AssertionError({ message: found.law.name })
    }
    if (broken === undefined && (count++ % 4 === 0 || cover.length > 0)) distribution.samples.push(await sampleOf(at))
  }
  const details = await fc.check(fc.asyncProperty(cases(events), holds), {
    numRuns: runs,
    examples: examples.map((each): [Case<T>] => [each]),
    ...(seed === undefined ? {} : { seed }),
    ...(path === undefined ? {} : { path }),
    // oxlint-disable-next-line typescript/no-deprecated -- what is to replace it is missing from earlier versions of the peer
    ...(budget === undefined ? {} : { interruptAfterTimeLimit: toPositiveMillis(budget, 'checkPipeline: budget') }),
  })
  if (details.failed && broken === undefined)
    throw new AssertionError({ message: `no case could be made: ${messageOf(details.errorInstance)}` })
  if (details.counterexample !== null && broken !== undefined) {
    const counterexample = await counterexampleOf(experiment, details.counterexample[0], broken, details)
    if (options.regression !== undefined) writeRegression(options.regression, counterexample)
    throw new LawBroken(counterexample)
  }
  const report = {
    seed: details.seed,
    cases: count,
    distribution,
    toString: () => `${distribution.toString()}\n  seed ${details.seed}`,
  }
  const missing = uncovered(cover, distribution)
  if (missing.length > 0) {
    throw new AssertionError({
      message: `every law held, but too little was tried\n${missing.join('\n')}\n${report.toString()}`,
    })
  }
  options.report?.(report)
  return report
}
