import { accessLog } from './access-log.ts'
import type { CommonHit } from './hit.ts'
import type { Parser } from './parser.ts'

/** Options of `common`. */
export interface CommonOptions<F extends keyof CommonHit = keyof CommonHit> {
  /** The fields a hit has; all unless given. The fewer, the faster. */
  readonly fields?: readonly F[]
}

/** The fields of the common log format. */
export const commonFields: readonly (keyof CommonHit)[] = [
  'host',
  'ident',
  'user',
  'time',
  'request',
  'method',
  'path',
  'protocol',
  'status',
  'bytes',
]

/**
 * Parses access logs in the common log format, `host ident user [time] "request" status bytes`: as `combined`, but for referer
 * and agent. Lines of the combined format parse too, those two being further fields, which are ignored.
 *
 * @throws TidemarkError `invalid-argument` for a field that the format has not
 */
export function common<F extends keyof CommonHit = keyof CommonHit>(
  options: CommonOptions<F> = {},
): Parser<Pick<CommonHit, F>> {
  return accessLog<F>('common', commonFields, options.fields)
}
