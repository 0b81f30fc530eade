import { stringify } from 'fast-check'
import { printValue } from '../../testing/marble-value.ts'
import { isEvent } from '../final-result.ts'
import type { Times } from './times.ts'

/** Any value, as in a diagram if it can be. */
export function shownValue(value: unknown): string {
  try {
    return printValue(value)
  } catch {
    return stringify(value)
  }
}

/** Something that came out, or what results have come to. */
export function shownResult(result: unknown, times: Times): string {
  if (isEvent(result)) {
    const { key, value, time, diff, pane } = result
    return `${diff === 1 ? '' : '-'}${place(key, pane?.window, times)}${shownValue(value)}${pane === undefined ? `@${times.print(time)}` : timing[pane.timing]}`
  }
  if (typeof result !== 'object' || result === null) return shownValue(result)
  if ('kind' in result && result.kind === 'watermark' && 'time' in result) return `~${times.print(Number(result.time))}`
  if (!('value' in result)) return shownValue(result)
  const key = 'key' in result ? result.key : undefined
  if ('window' in result)
    return `${place(key, result.window as { start: number; end: number }, times)}${shownValue(result.value)}`
  const at = 'time' in result ? `@${times.print(Number(result.time))}` : ''
  return `${place(key, undefined, times)}${shownValue(result.value)}${at}`
}

const timing: Readonly<Record<string, string>> = { early: '?', 'on-time': '', late: '!' }

function place(
  key: unknown,
  window: { readonly start: number; readonly end: number } | undefined,
  times: Times,
): string {
  const of = key === undefined ? '' : `${shownValue(key)}:`
  return window === undefined ? of : `${of}[${times.print(window.start)},${times.print(window.end)})=`
}
