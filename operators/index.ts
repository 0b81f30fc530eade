export { aggregate, type AggregateOptions } from './aggregate.ts'
export { assignTimestamps, type AssignTimestampsOptions } from './assign-timestamps.ts'
export { type Change, changes } from './changes.ts'
export { coGroup, type CoGroupOptions } from './co-group.ts'
export { compact, type CompactOptions } from './compact.ts'
export { deduplicate, type DeduplicateOptions } from './deduplicate.ts'
export { detect, type DetectOptions, type TimedOut } from './detect.ts'
export { filter } from './filter.ts'
export { flatMap } from './flat-map.ts'
export { inOrder, type InOrderOptions } from './in-order.ts'
export { intervalJoin, type IntervalJoined, type IntervalJoinKind, type IntervalJoinOptions } from './interval-join.ts'
export { keyBy, type Key, type KeyByOptions } from './key-by.ts'
export { lift } from './lift.ts'
export { map } from './map.ts'
export { type AsyncFailure, mapAsync, type MapAsyncOptions, type MapAsyncRetry } from './map-async.ts'
export { mapWithState, type MapWithStateOptions } from './map-with-state.ts'
export { materialize, type MaterializedView, type MaterializeOptions, type RangeBound } from './materialize.ts'
export { merge } from './merge.ts'
export { type Pane, panes } from './panes.ts'
export { process } from './process.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
export {
  type ForeignKeyJoinOptions,
  tableJoin,
  type TableJoined,
  type TableJoinKind,
  type TableJoinOptions,
} from './table-join.ts'
export { temporalJoin, type TemporalJoinKind, type TemporalJoinOptions } from './temporal-join.ts'
export { type RankedRow, topN, type TopNOptions } from './top-n.ts'
export { toTable, type ToTableOptions } from './to-table.ts'
export { values } from './values.ts'
export { type EmptyPanes, window, type WindowOptions } from './window.ts'
export { windowJoin, type WindowJoined, type WindowJoinKind, type WindowJoinOptions } from './window-join.ts'
