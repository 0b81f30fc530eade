import type { MonoTypeOperatorFunction } from 'rxjs'
import type { Parser } from '../adapters/format/parser.ts'
import type { Element } from '../lib/element.ts'
import type { Key } from '../operators/key-by.ts'
import type { Fields } from './field.ts'
import type { Result } from './rows.ts'

/** Looks on at a pipeline, and changes nothing. */
export interface Probe {
  /** Stands in for a parser. */
  parser?(of: Parser<Fields>): Parser<Fields>
  /** Stands in front of the windows. */
  readonly events: MonoTypeOperatorFunction<Element<Fields, Key, undefined>>
  /** Stands behind them. */
  readonly results?: MonoTypeOperatorFunction<Result>
}
