import { hopping } from '../lib/windows/hopping.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { messageOf } from '../lib/errors.ts'
import { toMillis } from '../lib/time.ts'
import type { TimeWindows } from '../lib/window.ts'
import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** The windows asked for; lengths in ms. */
export type WindowSpec =
  | { readonly kind: 'tumbling'; readonly size: number }
  | { readonly kind: 'hopping'; readonly size: number; readonly hop: number }

/**
 * Reads `1h` or `hop:1h/5m`.
 *
 * @throws UsageError for anything else, and for lengths that no window can have
 */
export function parseWindow(text: string | undefined): WindowSpec {
  if (text === undefined) throw badValue('window', text)
  const { kind, rest } = /^(?<kind>\w+):(?<rest>.*)$/s.exec(text)?.groups ?? {}
  if (kind !== undefined && kind !== 'hop') throw badValue('window', text, didYouMean(kind, ['hop']))
  const spec = kind === undefined ? tumblingSpec(text) : hoppingSpec(rest ?? '', text)
  try {
    // What else an assigner demands of its lengths, it says when it is made.
    toAssigner(spec)
  } catch (error) {
    throw badValue('window', text, `; ${messageOf(error)}`, error)
  }
  return spec
}

/** Makes the assigner of the windows asked for. */
export function toAssigner(spec: WindowSpec): TimeWindows {
  return spec.kind === 'tumbling' ? tumbling(spec.size) : hopping(spec.size, spec.hop)
}

function tumblingSpec(text: string): WindowSpec {
  return { kind: 'tumbling', size: length(text, text) }
}

function hoppingSpec(rest: string, text: string): WindowSpec {
  const [size = '', hop = '', ...others] = rest.split('/')
  if (others.length > 0) throw badValue('window', text)
  return { kind: 'hopping', size: length(size, text), hop: length(hop, text) }
}

function length(part: string, text: string): number {
  try {
    return toMillis(part, 'window')
  } catch (error) {
    throw badValue('window', text, '', error)
  }
}
