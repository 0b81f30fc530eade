import type { Aggregate } from '../aggregate.ts'
import { show, TidemarkError } from '../errors.ts'
import type { FullAggregate } from './full-aggregate.ts'
import type { MergeableAggregate } from './mergeable-aggregate.ts'
import type { RetractableAggregate } from './retractable-aggregate.ts'

/** Aggregates under names: `{ hits: count(), bytes: sum((hit: Hit) => hit.bytes) }`, which together give an `R`. */
export type AggregateRecord<T = unknown, R = Readonly<Record<string, unknown>>> = {
  readonly [N in keyof R]: Aggregate<T, unknown, R[N]>
}

/** Aggregates under names, all of which can take values back. */
export type RetractableRecord<T = unknown> = Readonly<Record<string, RetractableAggregate<T, unknown, unknown>>>

/** Aggregates under names, all of which can merge. */
export type MergeableRecord<T = unknown> = Readonly<Record<string, MergeableAggregate<T, unknown, unknown>>>

/** One aggregate, or a record of them. As the type of a parameter it lets `T` flow in from the context, and `R` out. */
export type AggregateSpec<T, R> = Aggregate<T, unknown, R> | AggregateRecord<T, R>

/** What every aggregate of a record takes: the intersection of what each takes. */
export type InputOf<S extends AggregateRecord> = {
  [K in keyof S]: S[K] extends Aggregate<infer T, unknown, unknown> ? (value: T) => void : never
}[keyof S] extends (value: infer T) => void
  ? T
  : never

/** What comes out of a record of aggregates: their results under the same names. */
export type ResultOf<S extends AggregateRecord> = {
  -readonly [K in keyof S]: ReturnType<S[K]['result']>
}

/**
 * Makes one aggregate of several, each of which sees every value. Its result has theirs under the names of the record. It
 * can merge if all of them can, and take values back if all of them can.
 *
 * @throws TidemarkError `invalid-argument` for an empty record, or one with something in it that is no aggregate
 * @example
 * combine({ hits: count(), bytes: sum((hit: Hit) => hit.bytes) })
 */
export function combine<T, S extends MergeableRecord<T> & RetractableRecord<T>>(
  record: S,
): FullAggregate<T & InputOf<S>, unknown[], ResultOf<S>>
export function combine<T, S extends MergeableRecord<T>>(
  record: S,
): MergeableAggregate<T & InputOf<S>, unknown[], ResultOf<S>>
export function combine<T, S extends RetractableRecord<T>>(
  record: S,
): RetractableAggregate<T & InputOf<S>, unknown[], ResultOf<S>>
export function combine<T, S extends AggregateRecord<T>>(record: S): Aggregate<T & InputOf<S>, unknown[], ResultOf<S>>
export function combine(record: AggregateRecord): Aggregate<unknown, unknown[], Record<string, unknown>> {
  const entries = checkedEntries(record)
  const parts = entries.map(([, part]) => part)
  const mergeable = parts.filter(isMergeable)
  const retractable = parts.filter(isRetractable)
  const combined: Aggregate<unknown, unknown[], Record<string, unknown>> = {
    name: `{ ${entries.map(([name, part]) => `${name}: ${part.name}`).join(', ')} }`,
    parts: record,
    keepsValues: parts.some(({ keepsValues }) => keepsValues),
    create: (insertOnly) => parts.map((part) => part.create(insertOnly)),
    add(accumulators, value, time) {
      let i = 0
      for (const part of parts) {
        accumulators[i] = part.add(accumulators[i], value, time)
        i += 1
      }
      return accumulators
    },
    result(accumulators) {
      const results: Record<string, unknown> = {}
      let i = 0
      for (const [name, part] of entries) {
        results[name] = part.result(accumulators[i])
        i += 1
      }
      return results
    },
  }
  if (mergeable.length === parts.length) {
    combined.merge = (into, from) => {
      let i = 0
      for (const part of mergeable) {
        into[i] = part.merge(into[i], from[i])
        i += 1
      }
      return into
    }
  }
  if (retractable.length === parts.length) {
    combined.retract = (accumulators, value, time) => {
      let i = 0
      for (const part of retractable) {
        accumulators[i] = part.retract(accumulators[i], value, time)
        i += 1
      }
      return accumulators
    }
  }
  return combined
}

/**
 * Takes an aggregate as it is, and combines a record of them.
 *
 * @throws TidemarkError `invalid-argument` for anything else
 */
export function toAggregate<T, R>(spec: AggregateSpec<T, R> | AggregateRecord<T>): Aggregate<T, unknown, R>
export function toAggregate(
  spec: Aggregate<unknown, unknown, unknown> | AggregateRecord,
): Aggregate<unknown, unknown, unknown> {
  return isAggregate(spec) ? spec : combine(spec)
}

function checkedEntries(record: AggregateRecord): readonly [string, Aggregate<unknown, unknown, unknown>][] {
  if (typeof record !== 'object' || record === null || Object.keys(record).length === 0) {
    const got = typeof record === 'object' && record !== null ? 'nothing in it' : show(record)
    throw new TidemarkError('invalid-argument', `combine: expected a record of aggregates, got ${got}`)
  }
  const entries = Object.entries(record)
  for (const [name, part] of entries) {
    if (!isAggregate(part)) {
      throw new TidemarkError('invalid-argument', `combine: ${name} must be an aggregate, got ${show(part)}`)
    }
    // An assignment to it sets no property: the result would be lost.
    if (name === '__proto__') throw new TidemarkError('invalid-argument', 'combine: __proto__ must not be a name')
  }
  return entries
}

function isAggregate<T, R>(spec: Aggregate<T, unknown, R> | AggregateRecord<T>): spec is Aggregate<T, unknown, R> {
  return typeof spec === 'object' && spec !== null && typeof spec.add === 'function'
}

function isMergeable(
  part: Aggregate<unknown, unknown, unknown>,
): part is MergeableAggregate<unknown, unknown, unknown> {
  return part.merge !== undefined
}

function isRetractable(
  part: Aggregate<unknown, unknown, unknown>,
): part is RetractableAggregate<unknown, unknown, unknown> {
  return part.retract !== undefined
}
