import { type Diff, event, type Element, type Event } from '../lib/element.ts'
import type { PaneInfo } from '../lib/window.ts'
import type { EventMarble, OutputMarble, PaneMarble } from './marbles.ts'

/**
 * Turns an element of a stream into the token that shows it: an event out of a window into a pane, the watermark `+Infinity`
 * into the end of input. The other way there is nothing to do: records, watermarks and `idle` are elements as they are.
 */
export function toMarble(element: Event<unknown, unknown, PaneInfo | undefined, Diff>): EventMarble | PaneMarble
export function toMarble(element: Element<unknown, unknown, PaneInfo | undefined, Diff>): OutputMarble
export function toMarble(element: Element<unknown, unknown, PaneInfo | undefined, Diff>): OutputMarble {
  if (element.kind === 'watermark') return element.time === Infinity ? { kind: 'end' } : element
  if (element.kind === 'idle') return element
  const { value, time, key, diff, pane } = element
  if (pane === undefined) return event(value, time, key, diff)
  return { kind: 'pane', value, time, key, diff, window: pane.window, timing: pane.timing }
}
