import { messageOf } from '../lib/errors.ts'
import type { Windows } from '../lib/window.ts'
import { globalWindow } from '../lib/windows/global-window.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { badValue } from './command-line.ts'
import type { WindowSpec } from './window-spec.ts'

/**
 * Makes the windows asked for, as an application would. The less usual ones are not loaded before they are used.
 *
 * @throws UsageError for lengths and zones that no window can have
 */
export async function toWindows(spec: WindowSpec, text: string | undefined): Promise<Windows> {
  try {
    return await made(spec)
  } catch (error) {
    throw badValue('window', text, `; ${messageOf(error)}`, error)
  }
}

async function made(spec: WindowSpec): Promise<Windows> {
  switch (spec.kind) {
    case 'tumbling':
      return tumbling(spec.size)
    case 'hopping':
      return (await import('../lib/windows/hopping.ts')).hopping(spec.size, spec.hop)
    case 'cumulative':
      return (await import('../lib/windows/cumulative.ts')).cumulative(spec.size, spec.step)
    case 'sliding':
      return (await import('../lib/windows/sliding.ts')).sliding(spec.reach)
    case 'session':
      return (await import('../lib/windows/session.ts')).session(spec.gap)
    case 'count':
      return (await import('../lib/windows/count-window.ts')).countWindow(spec.size)
    case 'calendar':
      return (await import('../lib/windows/calendar.ts')).calendar(spec.unit, spec.zone)
    case 'none':
      return globalWindow()
  }
}
