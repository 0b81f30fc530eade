import { stringify } from 'fast-check'
import type { Diff, Event } from '../lib/element.ts'
import type { PaneInfo, Window } from '../lib/window.ts'

/** What a window has come to for a key. */
export interface WindowResult<R = unknown, K = unknown> {
  readonly key: K
  readonly window: Window
  readonly value: R
}

/** An event that stands, of those that come out of no window. */
export interface EventResult<R = unknown, K = unknown> {
  readonly key: K
  readonly time: number
  readonly value: R
}

/** A value that came out as it is, as behind `values()`. */
export interface ValueResult<R = unknown> {
  readonly value: R
}

/** What a pipeline has come to. */
export type Result<R = unknown, K = unknown> = WindowResult<R, K> | EventResult<R, K> | ValueResult<R>

type AnyEvent = Event<unknown, unknown, PaneInfo | undefined, Diff>

/**
 * What is left when all has come out, in an order that does not depend on when it came: the value of the last pane of each key and
 * window; the events that have come out of no window and were not taken back; values that are no events as they are.
 */
export function finalResult(elements: readonly unknown[]): readonly Result[] {
  const standing = new Map<string, Result[]>()
  for (const element of elements) {
    if (isDeclaration(element)) continue
    const result = resultOf(element)
    const id = isEvent(element) && element.pane !== undefined ? `pane ${placeOf(result)}` : idOf(result)
    const before = standing.get(id)
    if (isEvent(element) && element.diff === -1) before?.pop()
    else if (before === undefined || 'window' in result) standing.set(id, [result])
    else before.push(result)
  }
  return inFixedOrder([...standing.values()].flat())
}

/** Sorts by window, then by key, then by time and value. */
export function inFixedOrder<R extends Result>(results: readonly R[]): readonly R[] {
  if (results.length < 2) return results
  const named = results.map((result) => ({ result, id: idOf(result) }))
  return named.sort((a, b) => before(a.result, b.result) || compare(a.id, b.id)).map(({ result }) => result)
}

/** Tells whether something that came out is an event. */
export function isEvent(element: unknown): element is AnyEvent {
  return isKind(element, 'event') && 'diff' in element
}

/** Tells whether something that came out is a watermark or idleness, and so no result. */
export function isDeclaration(element: unknown): boolean {
  return isKind(element, 'watermark') || isKind(element, 'idle')
}

function isKind(element: unknown, kind: string): element is object {
  return typeof element === 'object' && element !== null && 'kind' in element && element.kind === kind
}

function resultOf(element: unknown): Result {
  if (!isEvent(element)) return { value: element }
  const { key, value, time, pane } = element
  return pane === undefined ? { key, time, value } : { key, window: pane.window, value }
}

function before(a: Result, b: Result): number {
  if ('window' in a && 'window' in b) return a.window.end - b.window.end || a.window.start - b.window.start
  return 0
}

/** The same for equal results, and for no others. */
function idOf(result: Result): string {
  const time = 'time' in result ? result.time : 0
  return `${placeOf(result)} ${time} ${nameOf(result.value)}`
}

function placeOf(result: Result): string {
  const key = 'key' in result ? nameOf(result.key) : ''
  return 'window' in result ? `${key} ${result.window.start} ${result.window.end}` : key
}

/** The same for equal values. */
export function nameOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? stringify(value) : `${typeof value} ${String(value)}`
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
