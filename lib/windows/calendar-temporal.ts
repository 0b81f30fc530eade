import { createRequire } from 'node:module'
import type { Temporal } from 'temporal-polyfill'

/** What calendar windows need of Temporal. */
export type CalendarTemporal = Pick<typeof Temporal, 'Instant' | 'PlainDate' | 'ZonedDateTime'>

/**
 * The Temporal of the runtime, or a polyfill where it has none. That is loaded when it is first asked for, because it is
 * large and most programs have no calendar windows; and at once, because an assigner is made without waiting.
 */
export function calendarTemporal(): CalendarTemporal {
  const { Temporal: native } = globalThis as { readonly Temporal?: CalendarTemporal }
  if (native !== undefined) return native
  const load = createRequire(import.meta.url)
  return (load('temporal-polyfill') as { readonly Temporal: CalendarTemporal }).Temporal
}
