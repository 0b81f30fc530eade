import type { Observable, OperatorFunction } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'

/** An operator whose types are the business of whoever chains it. */
export type AnyOperator = OperatorFunction<never, unknown>

/** Operators one after the other, and the options behind them. */
export interface Chain<O> {
  readonly apply: (source: Observable<unknown>) => Observable<unknown>
  readonly options: Partial<O>
}

/**
 * Chains operators, the last of which may be options.
 *
 * @throws TidemarkError `invalid-argument` for what is no operator, and for none
 */
export function chain<O extends object>(who: string, parts: readonly (AnyOperator | O | undefined)[]): Chain<O> {
  const last = parts.at(-1)
  const hasOptions = parts.length > 0 && typeof last !== 'function'
  const operators = hasOptions ? parts.slice(0, -1) : parts
  if (operators.length === 0) throw new TidemarkError('invalid-argument', `${who}: expected an operator, got none`)
  for (const operator of operators) {
    if (typeof operator === 'function') continue
    throw new TidemarkError('invalid-argument', `${who}: expected an operator, got ${show(operator)}`)
  }
  return {
    apply: (source) =>
      (operators as OperatorFunction<unknown, unknown>[]).reduce((chained, operator) => operator(chained), source),
    options: hasOptions && last !== undefined ? last : {},
  }
}
