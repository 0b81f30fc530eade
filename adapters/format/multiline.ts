import type { MonoTypeOperatorFunction } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineValueOperator } from '../../lib/wiring/value-operator.ts'
import { toByteCount } from '../line/byte-count.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineGroups } from './line-groups.ts'

/** Options of `multiline`: how lines that begin a record are told, and limits. */
export interface MultilineOptions {
  /** Matches the first line of a record, and no other. */
  readonly start?: RegExp
  /** Matches every line of a record but the first. Either this or `start` is given. */
  readonly continuation?: RegExp
  /** How long a record waits for its next line; `'5s'` unless given. Time in which something waits to be read does not count. */
  readonly timeout?: Duration
  /** Most bytes of a record; 1 MiB unless given. Lines beyond are refused. Its first line may be of any length. */
  readonly maxBytes?: number
  /** Gets the lines for which a record had no room. They are counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
  /** Name of this operator in metrics, errors and checkpoints; unique in a job. */
  readonly id?: string
}

/**
 * Joins the lines of a record, such as an error with its stack trace, into one `Line`: their texts with line feeds between them, at the place of the first.
 *
 * A record leaves with the next line of its source that begins one, when its file or connection has ended, when none of its lines has come for `timeout`, or at
 * the end. Lines of different files and connections are never joined. What comes before the first line that begins a record is one too.
 *
 * Holds a record for each source that has one under way, and the piece of the source in which it lies. In a job with checkpoints it is part of
 * them.
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for options that are none
 * @example
 * ```ts
 * const errors = lines('app.log').pipe(multiline({ start: /^\d{4}-/ }), parse(regex(/^(?<time>\S+) (?<text>.*)$/s)))
 * ```
 */
export function multiline(options: MultilineOptions): MonoTypeOperatorFunction<Line> {
  const { start, continuation } = options
  const pattern = start ?? continuation
  if (!(pattern instanceof RegExp) || (start !== undefined && continuation !== undefined)) {
    throw new TidemarkError(
      'invalid-argument',
      `multiline: expected a regular expression as start or as continuation, got ${show(start)} and ${show(continuation)}`,
    )
  }
  const timeout = toPositiveMillis(options.timeout ?? '5s', 'multiline: timeout')
  const maxBytes = toByteCount(options.maxBytes ?? 2 ** 20, 'multiline: maxBytes')
  return (source) =>
    defineValueOperator<Line, Line>(source, {
      name: 'multiline',
      id: options.id,
      create(context) {
        const own = new RegExp(pattern)
        const begins = ({ text }: Line): boolean => {
          // With the flags g and y, the last match says where the next one begins.
          own.lastIndex = 0
          return own.test(text) === (start !== undefined)
        }
        return new LineGroups({ begins, timeout, maxBytes }, context, context.open(options.refused))
      },
    })
}
