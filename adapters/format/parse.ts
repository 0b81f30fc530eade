import type { OperatorFunction } from 'rxjs'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { SideOutput } from '../../lib/side-output.ts'
import { defineValueOperator } from '../../lib/value-operator.ts'
import type { Line } from '../line/line.ts'
import { type BadLine, noRecord, type Parser, unparsable, Unparsable } from './parser.ts'

/** Options of `parse`. */
export interface ParseOptions {
  /** Gets the lines that do not parse, each with its position and the reason. They are counted in any case. */
  readonly bad?: SideOutput<BadLine>
  /** Ends the job with an `unparsable` error at the first line that does not parse. */
  readonly strict?: boolean
  /** Name of this operator in metrics and errors; unique in a job. */
  readonly id?: string
}

/**
 * Parses lines into records. A line that does not parse is counted as refused and handed to `bad`; the job goes on.
 *
 * @param parserOrFunction a parser such as `combined()`, or a function of the line; what a function throws is the reason
 * @throws TidemarkError `unparsable` as the error of the job, with source and line number, if `strict`
 * @example
 * lines('access.log').pipe(parse(combined(), { bad }))
 */
export function parse<T>(
  parserOrFunction: Parser<T> | ((line: Line) => T),
  options: ParseOptions = {},
): OperatorFunction<Line, T> {
  const { bad, strict = false, id } = options
  const parser = typeof parserOrFunction === 'function' ? functionParser(parserOrFunction) : parserOrFunction
  return (source) =>
    defineValueOperator<Line, T>(source, {
      name: 'parse',
      id,
      create(context) {
        const { counters } = context
        const output = context.open(bad)
        return (line) => {
          const record = parser.parse(line)
          if (!(record instanceof Unparsable)) {
            if (record === noRecord) counters.filtered += 1
            else context.emit(record)
            return
          }
          const { reason } = record
          if (strict) {
            throw new TidemarkError('unparsable', `${line.source}:${line.number}: expected a line that ${parser.name} can parse: ${reason}`)
          }
          counters.refused += 1
          output?.write({ text: line.text, source: line.source, number: line.number, offset: line.offset, reason })
        }
      },
    })
}

function functionParser<T>(of: (line: Line) => T): Parser<T> {
  return {
    name: of.name === '' ? 'function' : of.name,
    parse(line) {
      try {
        return of(line)
      } catch (error) {
        return unparsable(messageOf(error))
      }
    },
  }
}
