import { avg } from '../lib/aggregates/avg.ts'
import { combine } from '../lib/aggregates/combine.ts'
import { count } from '../lib/aggregates/count.ts'
import { max } from '../lib/aggregates/max.ts'
import type { MergeableAggregate } from '../lib/aggregates/mergeable-aggregate.ts'
import { min } from '../lib/aggregates/min.ts'
import { sum } from '../lib/aggregates/sum.ts'
import type { AggregateSpec, FunctionName } from './aggregate-spec.ts'
import { distinctValues } from './distinct-values.ts'
import type { Field, Fields } from './field.ts'

/** How a function reads its field: not at all, as what can be told from others, as a number, or as it is. */
export type Reading = 'none' | 'scalar' | 'number' | 'any'

/** How each function reads. */
export const readings: Readonly<Record<FunctionName, Reading>> = {
  count: 'none',
  rate: 'none',
  distinct: 'scalar',
  approx: 'scalar',
  sum: 'number',
  avg: 'number',
  min: 'number',
  max: 'number',
  first: 'any',
  last: 'any',
  quantile: 'number',
  top: 'number',
  list: 'any',
}

/** An aggregate of what is read of a field. */
type ValueAggregate = MergeableAggregate<never, unknown, unknown>

/** Makes the aggregate of a function. The less usual ones are not loaded before they are used. */
const makers: Readonly<Record<FunctionName, (argument: number) => ValueAggregate | Promise<ValueAggregate>>> = {
  count: () => count(),
  // What it is a rate of, the result's window says.
  rate: () => count(),
  distinct: () => distinctValues,
  approx: async () => (await import('../lib/aggregates/approx-count-distinct.ts')).approxCountDistinct(),
  sum: () => sum(),
  avg: () => avg(),
  min: () => min(),
  max: () => max(),
  first: async () => (await import('../lib/aggregates/first.ts')).first(),
  last: async () => (await import('../lib/aggregates/last.ts')).last(),
  quantile: async (q) => (await import('../lib/aggregates/quantile.ts')).quantile(q),
  top: async (k) => (await import('../lib/aggregates/top-k.ts')).topK<number>(k),
  list: async () => (await import('../lib/aggregates/collect.ts')).collect(),
}

/** One of the aggregates asked for. */
export interface FieldAggregate {
  /** What it reads; the name of no field for a function that reads none. */
  readonly field: string
  readonly reading: Reading
  /** Of what is read. */
  readonly of: MergeableAggregate<unknown, unknown, unknown>
  /** A value that has come before changes nothing. */
  readonly isIdempotent: boolean
  /** Its accumulators may be lists of values. */
  readonly isOfLists: boolean
}

const idempotent: ReadonlySet<FunctionName> = new Set(['distinct', 'approx', 'min', 'max'])

/** Loads the aggregates asked for, in their order. */
export async function loadAggregates(specs: readonly AggregateSpec[]): Promise<readonly FieldAggregate[]> {
  return await Promise.all(
    specs.map(async ({ fn, field = '', argument = 0 }): Promise<FieldAggregate> => {
      // It is given what it is of: each function has its way of reading.
      const of = (await makers[fn](argument)) as MergeableAggregate<unknown, unknown, unknown>
      return { field, reading: readings[fn], of, isIdempotent: idempotent.has(fn), isOfLists: fn === 'distinct' }
    }),
  )
}

/** Makes one aggregate of records, whose result has the values of all, in their order. By itself one is not put into a list of accumulators. */
export function ofRecords(
  aggregates: readonly FieldAggregate[],
  field: (name: string) => Field,
): MergeableAggregate<Fields, unknown, readonly unknown[]> {
  const made = aggregates.map((aggregate) => ofRecord(aggregate, field(aggregate.field)))
  const [only] = made
  if (only !== undefined && made.length === 1) {
    return { ...only, result: (accumulator) => [only.result(accumulator)] }
  }
  // Under their positions, so that the values come out in that order.
  const combined = combine<Fields, Record<string, MergeableAggregate<Fields, unknown, unknown>>>(
    Object.fromEntries(made.map((aggregate, i) => [String(i), aggregate])),
  )
  return { ...combined, result: (accumulators: unknown[]) => Object.values(combined.result(accumulators)) }
}

/** Aggregates what is there to read; records without it don't count. */
function ofRecord(
  { reading, of }: FieldAggregate,
  { read, readNumber, readScalar }: Field,
): MergeableAggregate<Fields, unknown, unknown> {
  if (reading === 'none') return of
  const valueOf = { any: read, number: readNumber, scalar: readScalar }[reading]
  return {
    name: of.name,
    ...(of.keepsValues !== undefined && { keepsValues: of.keepsValues }),
    create: (insertOnly) => of.create(insertOnly),
    add(accumulator, record, time) {
      const value = valueOf(record)
      return value === undefined ? accumulator : of.add(accumulator, value, time)
    },
    merge: (into, from) => of.merge(into, from),
    result: (accumulator) => of.result(accumulator),
  }
}
