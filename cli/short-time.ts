import type { Config } from './config.ts'
import { isoTime } from './iso-time.ts'
import type { WindowSpec } from './window-spec.ts'
import type { Zone } from './zone.ts'

/** As `2018-10-11 09:00`, with seconds or ms where the windows have them. */
export function shortTime({ window }: Pick<Config, 'window'>, zone: Zone): (time: number) => string {
  const steps = stepsOf(window)
  const isMultiple = (of: number): boolean => steps.every((length) => length % of === 0)
  const length = isMultiple(60_000) ? 16 : isMultiple(1_000) ? 19 : 23
  return (time) => {
    const text = isoTime(zone.shown(time))
    return text.endsWith('Z') ? text.slice(0, text.indexOf('T') - 10 + length).replace('T', ' ') : text
  }
}

/** What the borders of the windows are multiples of. */
function stepsOf(window: WindowSpec): readonly number[] {
  switch (window.kind) {
    case 'tumbling':
      return [window.size]
    case 'hopping':
      return [window.size, window.hop]
    case 'cumulative':
      return [window.step]
    case 'calendar':
      return []
    default:
      return [1]
  }
}
