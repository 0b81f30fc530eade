export { type AggregateFor, type RetractableSpec } from './aggregate-for.ts'
export { approxCountDistinct, type ApproxCountDistinctOptions } from './approx-count-distinct.ts'
export { avg, type ExactMean } from './avg.ts'
export { collect, type Collected } from './collect.ts'
export {
  type AggregateRecord,
  type AggregateSpec,
  combine,
  type InputOf,
  type MergeableRecord,
  type ResultOf,
  type RetractableRecord,
  toAggregate,
} from './combine.ts'
export { count } from './count.ts'
export { countDistinct } from './count-distinct.ts'
export { type Dated } from './dated.ts'
export { distinct } from './distinct.ts'
export { type DistinctSketch } from './distinct-sketch.ts'
export { type ExactSum } from './exact-sum.ts'
export { type Comparable, type Extreme } from './extreme.ts'
export { first } from './first.ts'
export { fold, type FoldSteps, type MergeStep, type ResultStep, type RetractStep } from './fold.ts'
export { type FullAggregate } from './full-aggregate.ts'
export { type Histogram, histogram } from './histogram.ts'
export { last } from './last.ts'
export { max } from './max.ts'
export { maxBy } from './max-by.ts'
export { type MergeableAggregate } from './mergeable-aggregate.ts'
export { min } from './min.ts'
export { minBy } from './min-by.ts'
export { type Moments, type SpreadOptions } from './moments.ts'
export { type Multiset, type Primitive } from './multiset.ts'
export { quantile, type QuantileOptions, type Quantiles } from './quantile.ts'
export { type QuantileSketch } from './quantile-sketch.ts'
export { type Ranked } from './ranked.ts'
export { reduce, type Reduced } from './reduce.ts'
export { type RetractableAggregate } from './retractable-aggregate.ts'
export { stddev } from './stddev.ts'
export { sum } from './sum.ts'
export { topK } from './top-k.ts'
export { variance } from './variance.ts'
