import { event, type Event } from '../../lib/element.ts'
import type { EventMarble, InputMarble, MarbleDiagram, OutputMarble, PaneMarble } from '../../testing/marbles.ts'
import { printMarbles } from '../../testing/print-marbles.ts'
import { toMarble } from '../../testing/to-marble.ts'
import { isEvent } from '../final-result.ts'
import type { LateEvent, Step } from '../trial.ts'
import { shownValue } from './shown.ts'
import type { Times } from './times.ts'

/** Draws what arrived, and what left with it; of values that are no events nothing is drawn. */
export function diagramOf(steps: readonly Step<unknown>[], late: readonly LateEvent<unknown>[], times: Times): string {
  if (steps.length === 0) return 'in    (nothing)'
  const lateLine = steps.map(({ element }) => lateMarbles(element, late, times))
  const diagram: MarbleDiagram = {
    times: { event: times.style, processing: 'ms' },
    inputs: [{ label: 'in', cells: steps.map(({ element }): InputMarble[] => [moved(element, times)]) }],
    outputs: [
      {
        label: 'out',
        cells: steps.map(({ out }) =>
          out.filter(isEvent).map((each): OutputMarble => drawn(shifted(toMarble(each), times))),
        ),
      },
      ...(lateLine.some((cell) => cell.length > 0) ? [{ label: 'late', cells: lateLine }] : []),
    ],
  }
  return printMarbles(diagram)
}

function moved(element: Step<unknown>['element'], times: Times): InputMarble {
  if (element.kind === 'watermark') {
    return element.time === Infinity ? { kind: 'end' } : { ...element, time: element.time - times.origin }
  }
  if (element.kind === 'idle') return element
  return drawn(event(element.value, element.time - times.origin, undefined))
}

function shifted<M extends EventMarble | PaneMarble>(marble: M, { origin }: Times): M {
  if (marble.kind === 'event') return { ...marble, time: marble.time - origin }
  const { start, end } = marble.window
  return { ...marble, time: marble.time - origin, window: { start: start - origin, end: end - origin } }
}

/** With values that there is a notation for. */
function drawn<M extends EventMarble | PaneMarble>(marble: M): M {
  return { ...marble, value: plain(marble.value), key: marble.key === undefined ? undefined : plain(marble.key) }
}

function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value
  return isPlain(value) ? value : shownValue(value)
}

function isPlain(value: object): boolean {
  try {
    JSON.stringify(value)
    return shownValue(value) === shownValue(JSON.parse(JSON.stringify(value)))
  } catch {
    return false
  }
}

/** What of a late output is the event at hand. */
function lateMarbles(
  element: Step<unknown>['element'],
  late: readonly LateEvent<unknown>[],
  times: Times,
): OutputMarble[] {
  if (element.kind !== 'event') return []
  const isThis = (each: Event<unknown, unknown, unknown, 1 | -1>): boolean =>
    each.time === element.time && Object.is(each.value, element.value)
  return late.some(isThis)
    ? [{ kind: 'late', event: drawn(event(element.value, element.time - times.origin, undefined)) }]
    : []
}
