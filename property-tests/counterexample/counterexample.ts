import type { Case } from '../case.ts'
import { type Broken, firstBroken } from '../check-case.ts'
import type { Law } from '../law.ts'
import { isEvent } from '../final-result.ts'
import type { Experiment, Step } from '../trial.ts'
import { type Tried, tried } from '../tried.ts'
import { diagramOf } from './diagram.ts'
import { regressionCode } from './regression-code.ts'
import { sideBySide } from './side-by-side.ts'
import { timesFor } from './times.ts'
import { why } from './why.ts'

/** The smallest case that was found to break a law. */
export interface Counterexample {
  /** The law that does not hold. */
  readonly law: string
  readonly case: Case<unknown>
  /** What the law said. */
  readonly message: string
  /** Repeats the search. */
  readonly seed: number
  /** Repeats the failure alone. */
  readonly path: string
  /** What happened, without the code. */
  readonly summary: string
  /** A test to paste. */
  readonly code: string
  toString(): string
}

/** How a case was found. */
export interface Search {
  readonly seed: number
  readonly counterexamplePath: string | null
  readonly numRuns: number
  readonly numShrinks: number
}

/** Looks at a case once more, and puts into words what is wrong with it. */
export async function counterexampleOf<T>(
  experiment: Experiment<T>,
  of: Case<T>,
  law: Law<T>,
  { seed, counterexamplePath, numRuns, numShrinks }: Search,
): Promise<Counterexample> {
  const at = tried(experiment, of)
  const broken = (await firstBroken([law], at)) ?? unstable(law)
  const path = counterexamplePath ?? ''
  const replay = `{ seed: ${seed}, path: '${path}' }`
  const count = of.events.length === 1 ? '1 event' : `${of.events.length} events`
  const summary = [
    `${law.name} does not hold. ${law.why}`,
    '',
    broken.message,
    '',
    `The smallest case found, of ${count} (case ${numRuns}, made smaller ${numShrinks} times; repeat with ${replay}):`,
    '',
    await pictureOf(at, broken),
  ].join('\n')
  const code = regressionCode(`${law.name}: ${count}, of seed ${seed}`, of)
  const { message } = broken
  const text = `${summary}\n\nTo keep it as a test:\n\n${code}`
  return { law: law.name, case: of, message, seed, path, summary, code, toString: () => text }
}

/** What broke it once and does not break it again. */
function unstable<T>(law: Law<T>): Broken<T> {
  const message = 'it broke once, and not when it was tried again: something in the pipeline is another in each run'
  return { law, message, sides: undefined, cause: undefined }
}

async function pictureOf<T>(at: Tried<T>, { sides }: Broken<T>): Promise<string> {
  const own = at.case.events.map(({ time }) => time)
  try {
    const { steps, late, metrics } = await at.stepwise()
    const times = timesFor([...own, ...steps.flatMap(timesOf)])
    const parts = sides === undefined ? [] : [sideBySide(sides, times), '']
    return [diagramOf(steps, late, times), '', ...parts, why(at.case.events, steps, metrics, times)].join('\n')
  } catch {
    // A pipeline that throws gives no picture.
    return sides === undefined ? '' : sideBySide(sides, timesFor(own))
  }
}

function timesOf({ element, out }: Step<unknown>): readonly number[] {
  const bounds = out.flatMap((each) =>
    isEvent(each) && each.pane !== undefined ? [each.pane.window.start, each.pane.window.end] : [],
  )
  return element.kind === 'watermark' ? [element.time, ...bounds] : bounds
}
