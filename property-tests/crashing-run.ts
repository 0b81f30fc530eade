import { run } from '../lib/run.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import { map } from '../operators/map.ts'
import type { Arrival } from './arrival.ts'
import type { Case } from './case.ts'
import { Crash, type Durable, DurableSink, Fate, MemoryStore, nothingDurable } from './crashing.ts'
import { isDeclaration } from './final-result.ts'
import { paced } from './paced.ts'
import { firstDifference } from './refutation.ts'
import { type Experiment, metricsOf, ofArrivals, timeOf, TurnClock } from './trial.ts'

/** What runs that die have written in the end, and what one writes that does not. */
export interface CrashingRun {
  readonly expected: readonly unknown[]
  readonly actual: readonly unknown[]
  /** The steps at which runs died, of the first way to die that gave something else. */
  readonly died: readonly number[]
}

/** How long nobody is there to start a job again, ms. */
const outage = 10_000

/**
 * Runs a case that dies where it says, with checkpoints in memory, and beside it one that never does. Then once more with each crash
 * a third of the run later, and two thirds: most of a pipeline's state is there for a short while only.
 */
export async function crashingRun<T>(
  experiment: Experiment<T>,
  { events, pace, crashes }: Case<T>,
): Promise<CrashingRun> {
  const expected: unknown[] = []
  const whole = new Fate()
  const everyOf = (n: number): number => crashes.every[n % crashes.every.length] ?? 1
  const attempt = async (
    fate: Fate,
    n: number,
    durable: Durable,
    written: unknown[],
    clock: TurnClock,
  ): Promise<boolean> => {
    const onRead = (): void => {
      clock.tick()
      fate.step()
    }
    const input = paced(events, pace, { onRead }).pipe(
      assignTimestamps<Arrival<T>>(timeOf, ofArrivals(experiment.watermark)),
      map(({ value }) => value),
    )
    const output = experiment.pipeline(input)
    const checkpoint = { dir: 'memory', every: everyOf(n), store: () => new MemoryStore(durable, fate) }
    const options = { clock, batchSize: pace.batchSize, checkpoint, onNotice: () => {} }
    try {
      await metricsOf(run(output, new DurableSink(written, fate), options))
      return true
    } catch (error) {
      if (isCrash(error)) return false
      throw error
    }
  }
  await attempt(whole, 0, nothingDurable(), expected, tickingFrom(0))
  const wanted = expected.filter(isResult)
  let found: Pick<CrashingRun, 'actual' | 'died'> = { actual: [], died: [] }
  for (const shift of [0, whole.steps / 3, (2 * whole.steps) / 3]) {
    const durable = nothingDurable()
    const actual: unknown[] = []
    const died: number[] = []
    let now = 0
    for (const [n, step] of crashes.steps.entries()) {
      const at = (step + Math.floor(shift)) % Math.max(1, whole.steps)
      const clock = tickingFrom(now)
      if (!(await attempt(new Fate(at), n, durable, actual, clock))) died.push(at)
      now = clock.now() + outage
    }
    await attempt(new Fate(), crashes.steps.length, durable, actual, tickingFrom(now))
    found = { actual: actual.filter(isResult), died }
    if (firstDifference(found.actual, wanted) !== undefined) break
  }
  return { expected: wanted, ...found }
}

/** A millisecond a read, which checkpoints are counted in. */
function tickingFrom(start: number): TurnClock {
  return new TurnClock(() => {}, [1], Infinity, start)
}

function isResult(element: unknown): boolean {
  return !isDeclaration(element)
}

function isCrash(error: unknown): boolean {
  return error instanceof Crash || (error instanceof Error && isCrash(error.cause))
}
