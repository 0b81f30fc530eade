export { avg, type ExactMean } from './avg.ts'
export { collect, type Collected } from './collect.ts'
export {
  type AggregateRecord,
  type AggregateSpec,
  combine,
  type InputOf,
  type ResultOf,
  type RetractableRecord,
  toAggregate,
} from './combine.ts'
export { count } from './count.ts'
export { countDistinct } from './count-distinct.ts'
export { type Dated } from './dated.ts'
export { distinct } from './distinct.ts'
export { type ExactSum } from './exact-sum.ts'
export { type Comparable, type Extreme } from './extreme.ts'
export { first } from './first.ts'
export { fold, type FoldSteps, type ResultStep, type RetractStep } from './fold.ts'
export { last } from './last.ts'
export { max } from './max.ts'
export { min } from './min.ts'
export { type Multiset, type Primitive } from './multiset.ts'
export { reduce, type Reduced } from './reduce.ts'
export { type RetractableAggregate } from './retractable-aggregate.ts'
export { sum } from './sum.ts'
