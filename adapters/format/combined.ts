import { accessLog } from './access-log.ts'
import { commonFields } from './common.ts'
import type { CombinedHit } from './hit.ts'
import type { Parser } from './parser.ts'

/** Options of `combined`. */
export interface CombinedOptions<F extends keyof CombinedHit = keyof CombinedHit> {
  /** The fields a hit has; all unless given. The fewer, the faster. */
  readonly fields?: readonly F[]
}

/** The fields of the combined log format. */
export const combinedFields: readonly (keyof CombinedHit)[] = [...commonFields, 'referer', 'agent']

/**
 * Parses access logs in the combined log format of Apache and nginx,
 * `host ident user [time] "request" status bytes "referer" "agent"`.
 *
 * - A line is checked as a whole, whatever fields are asked for, so that what counts as unparsable does not depend on them.
 * - Escapes are undone: Apache's (`\"`, `\\`, `\b`, `\n`, `\r`, `\t`, `\v`, `\xhh`) and nginx's (`\xHH`). Bytes that are no UTF-8
 *   become U+FFFD.
 * - Fields after the agent, which many logs have, are ignored.
 * - A user may contain spaces and brackets: it ends where ` [` begins a time. With a `-` among its words the line is refused,
 *   for it then has more fields before the time than this format.
 * - A date that does not exist is refused. A leap second, `:60`, is the second after it, as in POSIX time.
 *
 * @throws TidemarkError `invalid-argument` for a field that the format has not
 * @example
 * ```ts
 * lines('access.log').pipe(
 *   parse(combined({ fields: ['host', 'time'] })),
 *   assignTimestamps((hit) => hit.time, boundedOutOfOrderness('60s')),
 * )
 * ```
 */
export function combined<F extends keyof CombinedHit = keyof CombinedHit>(
  options: CombinedOptions<F> = {},
): Parser<Pick<CombinedHit, F>> {
  return accessLog<F>('combined', combinedFields, options.fields)
}
