import type { MergeableAggregate } from '../lib/aggregates/mergeable-aggregate.ts'
import type { AggregateSpec, FunctionName } from './aggregate-spec.ts'
import type { Field, Fields } from './field.ts'

/** An aggregate of records. */
type RecordAggregate = MergeableAggregate<Fields, unknown, unknown>

/** Loads and makes the aggregate of a function. Those that are not used are not loaded. */
const makers: Readonly<Record<FunctionName, (field: Field, argument: number) => Promise<RecordAggregate>>> = {
  count: async () => (await import('../lib/aggregates/count.ts')).count(),
  // What it is a rate of, the result's window says.
  rate: async () => (await import('../lib/aggregates/count.ts')).count(),
  distinct: async ({ readScalar }) =>
    present(readScalar, (await import('../lib/aggregates/count-distinct.ts')).countDistinct()),
  approx: async ({ readScalar }) =>
    present(readScalar, (await import('../lib/aggregates/approx-count-distinct.ts')).approxCountDistinct()),
  sum: async ({ readNumber }) => present(readNumber, (await import('../lib/aggregates/sum.ts')).sum()),
  avg: async ({ readNumber }) => present(readNumber, (await import('../lib/aggregates/avg.ts')).avg()),
  min: async ({ readNumber }) => present(readNumber, (await import('../lib/aggregates/min.ts')).min()),
  max: async ({ readNumber }) => present(readNumber, (await import('../lib/aggregates/max.ts')).max()),
  first: async ({ read }) => present(read, (await import('../lib/aggregates/first.ts')).first()),
  last: async ({ read }) => present(read, (await import('../lib/aggregates/last.ts')).last()),
  quantile: async ({ readNumber }, q) =>
    present(readNumber, (await import('../lib/aggregates/quantile.ts')).quantile(q)),
  top: async ({ readNumber }, k) => present(readNumber, (await import('../lib/aggregates/top-k.ts')).topK<number>(k)),
  list: async ({ read }) => present(read, (await import('../lib/aggregates/collect.ts')).collect()),
}

/** Makes the one aggregate whose result has the values of all, in their order. */
export async function toAggregate(
  specs: readonly AggregateSpec[],
  field: (name: string) => Field,
): Promise<MergeableAggregate<Fields, unknown, readonly unknown[]>> {
  // `count` and `rate` read no field, whatever it gets.
  const made = await Promise.all(specs.map(({ fn, field: of = '', argument = 0 }) => makers[fn](field(of), argument)))
  const [only] = made
  // By itself an aggregate is faster than in a record.
  if (only !== undefined && made.length === 1) {
    return { ...only, result: (accumulator) => [only.result(accumulator)] }
  }
  const { combine } = await import('../lib/aggregates/combine.ts')
  // Under their positions, so that the values come out in that order.
  const combined = combine<Fields, Record<string, RecordAggregate>>(
    Object.fromEntries(made.map((aggregate, i) => [String(i), aggregate])),
  )
  return { ...combined, result: (accumulators: unknown[]) => Object.values(combined.result(accumulators)) }
}

/** Aggregates what is there to read; records without it don't count. */
function present<V, A, R>(
  read: (record: Fields) => V | undefined,
  of: MergeableAggregate<V, A, R>,
): MergeableAggregate<Fields, A, R> {
  return {
    name: of.name,
    create: (insertOnly) => of.create(insertOnly),
    add(accumulator, record, time) {
      const value = read(record)
      return value === undefined ? accumulator : of.add(accumulator, value, time)
    },
    merge: (into, from) => of.merge(into, from),
    result: (accumulator) => of.result(accumulator),
  }
}
