import { EMPTY, type Observable, Subject, tap } from 'rxjs'
import { VirtualClock } from '../lib/clock.ts'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { type Route, route, run } from '../lib/run.ts'
import { SideOutput } from '../lib/wiring/side-output.ts'
import { defineSource } from '../lib/wiring/source.ts'
import type { PaneInfo } from '../lib/window.ts'
import type { InputMarble, MarbleLine, OutputMarble } from './marbles.ts'
import { parseMarbles } from './parse-marbles.ts'
import { printMarbles } from './print-marbles.ts'
import { toMarble } from './to-marble.ts'

/** A stream as a diagram shows it. */
type AnyStream = Stream<unknown, unknown, PaneInfo | undefined, Diff>

/** The labels of input lines; one that the diagram has not is empty. */
export type MarbleInput = 'in' | 'in1' | 'in2' | 'in3' | 'in4' | 'left' | 'right'

/**
 * Builds what a diagram is run through: gets the input lines as streams and gives the streams of the output lines, by their
 * labels. What comes out of a side output is shown as late: `L(d@2)`.
 *
 * @typeParam T the values on the input lines; they are what the diagram says
 * @typeParam D `Diff` where an input line has retractions: `-a@3`
 */
export type MarblePipeline<T, D extends Diff = 1> = (
  inputs: Readonly<Record<MarbleInput, Stream<T, string, undefined, D>>>,
) => Readonly<Record<string, AnyStream | SideOutput<never>>>

/** A diagram as it was given and as it ran, both printed in the same canonical way. */
export interface MarbleRun {
  readonly expected: string
  readonly actual: string
}

/**
 * Runs a diagram's inputs through a pipeline, step by step under a virtual clock, and prints the diagram with what really
 * came out, beside the diagram as it was given.
 *
 * Watermarks, idleness and the end are shown on an output line if the diagram has any of them there, and left out otherwise.
 * An error of the job is shown as `#` with its code on every output line.
 *
 * @param diagram a diagram; what stands on its output lines matters only as said above
 * @throws TidemarkError `invalid-argument` for a diagram that can't be read, or one with an output line that `pipeline` does
 *   not give
 * @example
 * ```ts
 * const { actual, expected } = await runMarbles<number>(
 *   `
 *   in    1@1  2@7  3@3  ~5       |
 *   out                  [0,5)=4  [5,10)=2
 *   `,
 *   ({ in: numbers }) => ({ out: numbers.pipe(window(tumbling(5), sum())) }),
 * )
 * expect(actual).toBe(expected)
 * ```
 */
export async function runMarbles<T, D extends Diff = 1>(
  diagram: string,
  pipeline: MarblePipeline<T, D>,
): Promise<MarbleRun> {
  const given = parseMarbles(diagram)
  const clock = new VirtualClock()
  const inputs = new Map(given.inputs.map(({ label }) => [label, new Subject<Element<T, string, undefined, D>>()]))
  const inputOf = (label: MarbleInput): Stream<T, string, undefined, D> => inputs.get(label) ?? EMPTY
  const streams = pipeline({
    in: inputOf('in'),
    in1: inputOf('in1'),
    in2: inputOf('in2'),
    in3: inputOf('in3'),
    in4: inputOf('in4'),
    left: inputOf('left'),
    right: inputOf('right'),
  })
  const steps = given.inputs[0]?.cells.length ?? 0
  const recorded = given.outputs.map(({ label }) => ({
    label,
    cells: Array.from({ length: steps }, (): OutputMarble[] => []),
  }))
  /** Inputs that have not ended. */
  const open = new Set(inputs.keys())
  let step = -1
  const record = (label: string, marble: OutputMarble): void => {
    recorded.find((line) => line.label === label)?.cells[step]?.push(marble)
  }

  // The steps are a source of the job like any other: the next one is pulled when the one before has had its full effect.
  const script = stepSource(steps).pipe(
    tap({
      next(next) {
        step = next
        for (const { label, cells } of given.inputs) {
          for (const marble of cells[step] ?? []) {
            if (marble.kind === 'end') open.delete(label)
            play(marble, inputs.get(label), clock)
          }
        }
      },
      complete() {
        if (open.size > 0) void job.stop()
      },
    }),
  )
  const routes: Route[] = [route(script, () => {})]
  for (const { label } of given.outputs) routes.push(routeOf(label, streams[label], record))
  const job = run(routes, { clock })
  try {
    await job.done
  } catch (error) {
    const message = error instanceof TidemarkError ? error.code : String(error)
    for (const { label } of given.outputs) record(label, { kind: 'error', message })
  }
  const outputs = recorded.map((line, i) => asDetailedAs(line, given.outputs[i]))
  return { expected: printMarbles(given), actual: printMarbles({ ...given, outputs }) }
}

function stepSource(steps: number): Observable<number> {
  return defineSource<number>({
    name: 'marbles',
    open() {
      let next = 0
      return {
        read: () => (next < steps ? { values: [next++] } : undefined),
        close() {},
      }
    },
  })
}

function play<T, D extends Diff>(
  marble: InputMarble,
  input: Subject<Element<T, string, undefined, D>> | undefined,
  clock: VirtualClock,
): void {
  switch (marble.kind) {
    case 'clock':
      clock.advanceTo(marble.time)
      break
    case 'end':
      input?.complete()
      break
    case 'error':
      input?.error(new Error(marble.message))
      break
    case 'event':
      // The caller has said what the values and keys of the diagram are, and whether any is taken back.
      input?.next(marble as Element<T, string, undefined, D>)
      break
    case 'watermark':
    case 'idle':
      input?.next(marble)
      break
  }
}

function routeOf(
  label: string,
  output: AnyStream | SideOutput<never> | undefined,
  record: (label: string, marble: OutputMarble) => void,
): Route {
  if (output === undefined) {
    throw new TidemarkError(
      'invalid-argument',
      `runMarbles: expected the pipeline to give a stream for the line '${label}', got none`,
    )
  }
  if (!(output instanceof SideOutput)) return route(output, (element) => record(label, toMarble(element)))
  return route(output as SideOutput<Event<unknown, unknown, PaneInfo | undefined, Diff>>, (event) =>
    record(label, { kind: 'late', event: toMarble(event) }),
  )
}

type OutputLine = MarbleLine<OutputMarble>

/** Leaves out what declares completeness, unless the expected line shows it. */
function asDetailedAs(line: OutputLine, expected: OutputLine | undefined): OutputLine {
  if (expected?.cells.some((cell) => cell.some(isDeclaration)) === true) return line
  return { ...line, cells: line.cells.map((cell) => cell.filter((marble) => !isDeclaration(marble))) }
}

function isDeclaration({ kind }: OutputMarble): boolean {
  return kind === 'watermark' || kind === 'idle' || kind === 'end'
}
