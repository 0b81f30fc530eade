import type { Duplex, Readable } from 'node:stream'
import type { OperatorFunction } from 'rxjs'

/** A step of `stream.pipeline`: gets what the step before gives, and gives results. */
export type Through<T, R> = (
  source: Readable | AsyncIterable<T> | Iterable<T>,
  context?: { readonly signal?: AbortSignal },
) => AsyncIterable<R>

/** What becomes of operators, by the way in which they are put together. */
export interface Chained<T, R> {
  readonly through: Through<T, R>
  readonly duplex: Duplex
}

/**
 * Takes operators one after the other, each of which fits the one before; the last argument may be options.
 *
 * The longest is tried first: a shorter one would take an operator for options, and spoil what is inferred of it.
 */
export interface Chaining<O, K extends keyof Chained<unknown, unknown>> {
  <T, A, B, C, D, E, F, G, H, I>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
    op9: OperatorFunction<H, I>,
    options?: O,
  ): Chained<T, I>[K]
  <T, A, B, C, D, E, F, G, H>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    op8: OperatorFunction<G, H>,
    options?: O,
  ): Chained<T, H>[K]
  <T, A, B, C, D, E, F, G>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    op7: OperatorFunction<F, G>,
    options?: O,
  ): Chained<T, G>[K]
  <T, A, B, C, D, E, F>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    op6: OperatorFunction<E, F>,
    options?: O,
  ): Chained<T, F>[K]
  <T, A, B, C, D, E>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    op5: OperatorFunction<D, E>,
    options?: O,
  ): Chained<T, E>[K]
  <T, A, B, C, D>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    op4: OperatorFunction<C, D>,
    options?: O,
  ): Chained<T, D>[K]
  <T, A, B, C>(
    op1: OperatorFunction<T, A>,
    op2: OperatorFunction<A, B>,
    op3: OperatorFunction<B, C>,
    options?: O,
  ): Chained<T, C>[K]
  <T, A, B>(op1: OperatorFunction<T, A>, op2: OperatorFunction<A, B>, options?: O): Chained<T, B>[K]
  <T, A>(op1: OperatorFunction<T, A>, options?: O): Chained<T, A>[K]
}
