import type { Line } from '../line/line.ts'

/** Why a parser refused a line: a value and not an exception, so that a refusal costs little. */
export class Unparsable {
  /** Names the part at fault and what came: `time: no such month 'Foo'`. */
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/** What a parser returns for a line that is well-formed but holds no record, such as the header of a CSV file. */
export const noRecord: unique symbol = Symbol('tidemark.noRecord')

/**
 * Turns a line into a record. Answers `Unparsable` for a line it refuses and `noRecord` for one that is neither a record nor
 * bad; never throws. What it returns depends on the line and, for `csv` and `tsv`, on the header of the line's source alone.
 *
 * @typeParam T the record
 */
export interface Parser<T> {
  /** For metrics and error messages: `combined`. */
  readonly name: string
  parse(line: Line): T | Unparsable | typeof noRecord
  /** What it remembers of sources, where it does. */
  readonly memory?: ParserMemory
  /** From which another thread can make the same parser; absent where it can't. */
  readonly recipe?: ParserRecipe
}

/** What a parser remembers of the sources that it has read from, such as their headers, for checkpoints. */
export interface ParserMemory {
  /** How many things there are. */
  readonly size: number
  /** All of it, in plain data. */
  save(): unknown
  load(saved: unknown): void
}

/** A parser as plain data. Its records have the fields of `kinds`, each of which may also be `undefined`. */
export interface ParserRecipe {
  readonly format: 'common' | 'combined' | 'json'
  readonly kinds: FieldKinds
}

/**
 * What the fields of a record hold, in their order. Those of JSON: a `value` of any kind, or an `instant`, which is epoch ms where the value
 * is a point in time, and else the value; at most one of them.
 */
export type FieldKinds = Readonly<Record<string, 'number' | 'text' | 'value' | 'instant'>>

/**
 * Makes a refusal. A parser of your own that refuses for a constant reason makes it once, so that a refusal allocates nothing.
 *
 * @example
 * ```ts
 * const notANumber = unparsable('not a number')
 * const number: Parser<number> = {
 *   name: 'number',
 *   parse(line) {
 *     const value = Number(line.text)
 *     return Number.isNaN(value) ? notANumber : value
 *   },
 * }
 * ```
 */
export function unparsable(reason: string): Unparsable {
  return new Unparsable(reason)
}

/** The refusal of a line with nothing on it. */
export const emptyLine: Unparsable = new Unparsable('empty line')
