import type { Event } from '../../lib/element.ts'
import type { OperatorMetrics } from '../../lib/metrics.ts'
import type { Law } from '../law.ts'
import { refute } from '../refutation.ts'

/** What has come so far, and how far event time has come. */
export interface StateMoment<T> {
  readonly events: readonly Event<T, undefined, undefined>[]
  /** Epoch ms; `-Infinity` before the first. */
  readonly watermark: number
}

/**
 * The state is never larger than a function of what has come allows: the entries and held events of all operators, in front of each
 * event and at the end.
 *
 * When to use it: for pipelines that run for long. Say what the state should depend on: the events of the last hour, the keys.
 *
 * @param bound the most entries and held events that may be there
 * @example
 * ```ts
 * laws.stateBounded(({ events, watermark }) => events.filter(({ time }) => time >= watermark - hour).length)
 * ```
 */
export function stateBounded<T>(bound: (moment: StateMoment<T>) => number): Law<T> {
  return {
    name: 'stateBounded',
    why: 'A pipeline that breaks it runs out of memory one day, and not in the test.',
    needs: 'an idea of what its state depends on',
    async check(tried) {
      const { steps } = await tried.stepwise()
      const events: Event<T, undefined, undefined>[] = []
      let watermark = -Infinity
      for (const { element, before } of steps) {
        if (element.kind === 'watermark') watermark = element.time
        if (element.kind !== 'event') continue
        const most = bound({ events, watermark })
        const there = (before?.operators ?? []).reduce((sum, each) => sum + sizeOf(each), 0)
        if (there > most)
          refute(`expected a state of at most ${most} in front of event ${events.length + 1}, got ${there}`)
        events.push(element)
      }
    },
  }
}

/** An event that is held is an entry of most operators. */
function sizeOf({ entries, held }: OperatorMetrics): number {
  return Math.max(entries, held)
}
