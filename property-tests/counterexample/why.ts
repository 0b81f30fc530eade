import { formatDuration } from '../../lib/time.ts'
import type { Ledger } from '../../lib/counters.ts'
import type { JobMetrics } from '../../lib/metrics.ts'
import type { Arrival } from '../arrival.ts'
import { ingressId, inputId, type Step } from '../trial.ts'
import { shownValue } from './shown.ts'
import type { Times } from './times.ts'

/** The counts that say what became of an event. */
const fates: readonly (readonly [keyof Ledger, string])[] = [
  ['late', 'too late for it'],
  ['closed', 'its window was closed'],
  ['noWindow', 'in none of its windows'],
  ['filtered', 'left out'],
  ['refused', 'refused'],
  ['held', 'held'],
  ['contributed', 'part of what left'],
]

/**
 * Says of each event, a line or two each: when it happened and arrived, the watermark then and who had moved it there, and what the
 * operators made of it.
 */
export function why(
  events: readonly Arrival<unknown>[],
  steps: readonly Step<unknown>[],
  last: JobMetrics,
  times: Times,
): string {
  let watermark = -Infinity
  let mover = 0
  let n = 0
  const lines: string[] = []
  for (const [i, { element, before }] of steps.entries()) {
    if (element.kind === 'watermark') {
      watermark = element.time
      mover = n
    }
    if (element.kind !== 'event') continue
    const arrival = events[n]
    n += 1
    const { time, value } = element
    const delay = arrival?.delay ?? 0
    const arrives = delay === 0 ? 'on time' : `${formatDuration(delay)} after that`
    lines.push(`${n}  ${shownValue(value)} happened at ${times.print(time)}, and arrived ${arrives}`)
    lines.push(`   ${standing(time, watermark, mover, times)}`)
    const next = steps.slice(i + 1).find((step) => step.before !== undefined)?.before
    lines.push(...fateLines(before, next ?? last))
  }
  return lines.join('\n')
}

function standing(time: number, watermark: number, mover: number, times: Times): string {
  if (watermark === -Infinity) return 'no watermark was there yet'
  const by = `the watermark was ${times.print(watermark)}, where event ${mover} had moved it`
  return time < watermark ? `${by}: ${formatDuration(watermark - time)} too much for it` : by
}

/** How the ledgers of operators changed with an event, and the watermark behind it. */
function fateLines(before: JobMetrics | undefined, after: JobMetrics): readonly string[] {
  return after.operators.flatMap((operator) => {
    if (operator.id === ingressId || operator.id === inputId) return []
    const was = before?.operators.find(({ id }) => id === operator.id)
    const changes = fates.flatMap(([count, words]) => {
      const more = operator[count] - (was?.[count] ?? 0)
      if (more <= 0) return []
      return [more === 1 ? words : `${words} (${more})`]
    })
    if (changes.length === 0) return []
    return [`   ${operator.id}: ${changes.join(', ')}`]
  })
}
