import { toMillis } from '../lib/time.ts'
import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** How often: after so many ms of the clock, or after so many events. */
export type Pace = { readonly every: number } | { readonly count: number }

/** When results leave, beside or in place of the completion of their window. */
export type TriggerSpec =
  | { readonly kind: 'around'; readonly early?: Pace; readonly late?: Pace; readonly text: string }
  | { readonly kind: 'repeated'; readonly pace: Pace; readonly text: string }

const names = ['early', 'late', 'every', 'count'] as const

/**
 * Reads `early=10s,late=1`, in which each is a duration of the clock or a number of events, or `every=5s`, or `count=100`.
 *
 * @throws UsageError for anything else
 */
export function parseTrigger(text: string | undefined): TriggerSpec | undefined {
  if (text === undefined) return undefined
  const paces = new Map<string, Pace>()
  for (const part of text.split(',')) {
    const { name = part, value } = /^(?<name>[^=]*)=(?<value>.*)$/s.exec(part.trim())?.groups ?? {}
    if (!names.some((known) => known === name)) throw badValue('trigger', text, didYouMean(name, names))
    if (value === undefined || paces.has(name)) throw badValue('trigger', text)
    paces.set(name, paceOf(name, value, text))
  }
  const [early, late, repeated] = [paces.get('early'), paces.get('late'), paces.get('every') ?? paces.get('count')]
  if (repeated === undefined) {
    return { kind: 'around', ...(early && { early }), ...(late && { late }), text }
  }
  if (paces.size > 1) throw badValue('trigger', text, '; every and count each stand alone')
  return { kind: 'repeated', pace: repeated, text }
}

function paceOf(name: string, value: string, text: string): Pace {
  if (/^\d+$/.test(value) && name !== 'every') {
    const count = Number(value)
    if (count > 0 && Number.isSafeInteger(count)) return { count }
    throw badValue('trigger', text, `; ${name} takes a number of events above 0`)
  }
  if (name === 'count') throw badValue('trigger', text, '; count takes a number of events, as in count=100')
  let every: number
  try {
    every = toMillis(value, name)
  } catch (error) {
    throw badValue(
      'trigger',
      text,
      `; ${name} takes ${name === 'every' ? '' : 'a number of events or '}a duration`,
      error,
    )
  }
  if (every > 0) return { every }
  throw badValue('trigger', text, `; ${name} takes a duration above 0`)
}
