import { toMillis } from '../lib/time.ts'
import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** The windows asked for; lengths in ms. */
export type WindowSpec =
  | { readonly kind: 'tumbling'; readonly size: number }
  | { readonly kind: 'hopping'; readonly size: number; readonly hop: number }
  | { readonly kind: 'cumulative'; readonly size: number; readonly step: number }
  | { readonly kind: 'sliding'; readonly reach: number }
  | { readonly kind: 'session'; readonly gap: number }
  | { readonly kind: 'count'; readonly size: number }
  | { readonly kind: 'calendar'; readonly unit: CalendarUnit; readonly zone: string }
  | { readonly kind: 'none' }

/** The periods of the calendar that there are windows of. */
export type CalendarUnit = (typeof units)[number]

const units = ['day', 'week', 'month', 'quarter', 'year'] as const

const kinds = ['hop', 'slide', 'session', 'count', 'cumulate'] as const

/**
 * Reads `1h`, `hop:1h/5m`, `slide:5m`, `session:30m`, `count:100`, `cumulate:1d/1h`, `day@Europe/Amsterdam` or `none`. What else an
 * assigner demands of its lengths, it says when it is made.
 *
 * @throws UsageError for anything else
 */
export function parseWindow(text: string | undefined): WindowSpec {
  if (text === undefined) throw badValue('window', text)
  if (text === 'none') return { kind: 'none' }
  const { word = '', mark, rest = '' } = /^(?<word>\w+)(?<mark>[:@])(?<rest>.*)$/s.exec(text)?.groups ?? {}
  if (mark === '@') {
    const unit = units.find((known) => known === word)
    if (unit === undefined || rest === '') throw badValue('window', text, didYouMean(word, units))
    return { kind: 'calendar', unit, zone: rest }
  }
  if (mark === undefined) return { kind: 'tumbling', size: length(text, text) }
  const kind = kinds.find((known) => known === word)
  if (kind === undefined) throw badValue('window', text, didYouMean(word, kinds))
  const [first = '', second = '', ...others] = rest.split('/')
  const isPair = kind === 'hop' || kind === 'cumulate'
  if (others.length > 0 || (!isPair && rest !== first)) throw badValue('window', text)
  switch (kind) {
    case 'hop':
      return { kind: 'hopping', size: length(first, text), hop: length(second, text) }
    case 'cumulate':
      return { kind: 'cumulative', size: length(first, text), step: length(second, text) }
    case 'slide':
      return { kind: 'sliding', reach: length(first, text) }
    case 'session':
      return { kind: 'session', gap: length(first, text) }
    case 'count':
      if (!/^\d+$/.test(first)) throw badValue('window', text, '; write a number of events, as in count:100')
      return { kind: 'count', size: Number(first) }
  }
}

function length(part: string, text: string): number {
  try {
    return toMillis(part, 'window')
  } catch (error) {
    throw badValue('window', text, '', error)
  }
}
