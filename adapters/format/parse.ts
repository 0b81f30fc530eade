import type { OperatorFunction } from 'rxjs'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineValueOperator, type ValueOperatorContext } from '../../lib/wiring/value-operator.ts'
import type { Line } from '../line/line.ts'
import { noRecord, type Parser, unparsable, Unparsable } from './parser.ts'

/** Options of `parse`. */
export interface ParseOptions {
  /** Gets the lines that do not parse, each with its position and the reason. They are counted in any case. */
  readonly refused?: SideOutput<DeadLetter>
  /** Ends the job with an `unparsable` error at the first line that does not parse. */
  readonly strict?: boolean
  /** Name of this operator in metrics and errors; unique in a job. */
  readonly id?: string
}

/**
 * Parses lines into records. A line that does not parse is counted as refused and handed to `refused`; the job goes on.
 *
 * @param parserOrFunction a parser such as `combined()`, or a function of the line; what a function throws is the reason
 * @throws TidemarkError `unparsable` as the error of the job, with source and line number, if `strict`
 * @example
 * lines('access.log').pipe(parse(combined(), { refused }))
 */
export function parse<T>(
  parserOrFunction: Parser<T> | ((line: Line) => T),
  options: ParseOptions = {},
): OperatorFunction<Line, T> {
  const parser = typeof parserOrFunction === 'function' ? functionParser(parserOrFunction) : parserOrFunction
  return (source) =>
    defineValueOperator<Line, T>(source, {
      name: 'parse',
      id: options.id,
      create(context) {
        const refuse = refusal(context, parser.name, options)
        return (line) => {
          const record = parser.parse(line)
          if (record instanceof Unparsable) refuse(deadLetter(line, record.reason))
          else if (record === noRecord) context.counters.filtered += 1
          else context.emit(record)
        }
      },
    })
}

/** Makes the function that takes the lines that do not parse, inside an operator. */
export function refusal<T>(
  context: ValueOperatorContext<T>,
  parser: string,
  { refused, strict = false }: ParseOptions,
): (line: DeadLetter) => void {
  const output = context.open(refused)
  return (line) => {
    if (strict) {
      const { source, number, reason } = line
      throw new TidemarkError('unparsable', `${source}:${number}: expected a line that ${parser} can parse: ${reason}`)
    }
    context.counters.refused += 1
    output?.write(line)
  }
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
