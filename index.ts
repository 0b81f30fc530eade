export type { Aggregate } from './lib/aggregate.ts'
export * from './lib/aggregates/index.ts'
export type { GridOptions } from './lib/windows/grid.ts'
export { calendar, type CalendarOptions, type CalendarUnit, type Weekday } from './lib/windows/calendar.ts'
export { countWindow } from './lib/windows/count-window.ts'
export { cumulative } from './lib/windows/cumulative.ts'
export { globalWindow } from './lib/windows/global-window.ts'
export { hopping } from './lib/windows/hopping.ts'
export { session } from './lib/windows/session.ts'
export { sliding } from './lib/windows/sliding.ts'
export { tumbling } from './lib/windows/tumbling.ts'
export { defineTrigger, type Moment, type Trigger, type TriggerContext } from './lib/trigger.ts'
export * from './lib/triggers/index.ts'
export type { Migration, SavedPart, SavedState } from './lib/checkpoint/saved-state.ts'
export type { PagedCells } from './lib/checkpoint/paged-cells.ts'
export type { DirtyCells } from './lib/checkpoint/dirty-cells.ts'
export type { StateShape } from './lib/checkpoint/state-shape.ts'
export type { VersionedState } from './lib/checkpoint/versioned-state.ts'
export type { CheckpointOptions } from './lib/checkpoint/checkpoint-options.ts'
export type { Chunk, ChunkReader } from './lib/chunk-source.ts'
export { type Clock, realClock, VirtualClock } from './lib/clock.ts'
export type { Counters, Counts, Ledger } from './lib/counters.ts'
export {
  type AnyEvent,
  type Diff,
  type Element,
  event,
  type Event,
  type EventStream,
  idle,
  type Idle,
  type Stream,
  watermark,
  type Watermark,
} from './lib/element.ts'
export { begin } from './lib/patterns/begin.ts'
export type { Match, PartOfMatch, Pattern } from './lib/patterns/pattern.ts'
export type { LoopStage, Sequence, SingleStage, StageCondition } from './lib/patterns/sequence.ts'
export type { Skip } from './lib/patterns/skip.ts'
export { type ErrorCode, type ErrorContext, TidemarkError } from './lib/errors.ts'
export type { Untimed } from './lib/wiring/ingress.ts'
export type { Notice } from './lib/job/notice.ts'
export type { Endless } from './lib/wiring/growth.ts'
export type { JobOptions } from './lib/job/job-options.ts'
export type { Joined } from './lib/joins/joined.ts'
export type { EventOrder, Timer } from './lib/keyed/keyed-logic.ts'
export type { KeyedOptions } from './lib/keyed/keyed-options.ts'
export { type ListState, listState } from './lib/keyed/list-state.ts'
export { type MapState, mapState } from './lib/keyed/map-state.ts'
export type { Emit, ProcessContext, ProcessDefinition } from './lib/keyed/process-definition.ts'
export type { StateOf, StateOptions, StateSpec, StateSpecs } from './lib/keyed/state-spec.ts'
export { type ValueState, valueState, type ValueStateOptions } from './lib/keyed/value-state.ts'
export type { Machine, OperatorContext } from './lib/wiring/machine.ts'
export type { JobMetrics, OperatorMetrics, SinkMetrics, SourceMetrics } from './lib/metrics.ts'
export { defineOperator, type OperatorDefinition } from './lib/wiring/operator.ts'
export {
  type Destination,
  route,
  type Route,
  run,
  type RunningJob,
  type RunOptions,
  type StopOptions,
} from './lib/run.ts'
export { sideOutput, type SideOutput, type SideWriter } from './lib/wiring/side-output.ts'
export { type Identified, type IdentifiedPane, resultId } from './lib/result-id.ts'
export type { Sink } from './lib/sink.ts'
export type { Split } from './lib/split.ts'
export { defineSource, type SourceContext, type SourceDefinition } from './lib/wiring/source.ts'
export { logStore, type LogStoreOptions } from './lib/state/log-store.ts'
export type {
  CellReader,
  Commit,
  Recovered,
  SavedCellPair,
  StateStore,
  StoreOptions,
  WriteCell,
} from './lib/state/state-store.ts'
export { boundedOutOfOrderness } from './lib/watermarks/bounded-out-of-orderness.ts'
export { monotonous } from './lib/watermarks/monotonous.ts'
export { punctuated } from './lib/watermarks/punctuated.ts'
export { type Duration, formatDuration, toMillis } from './lib/time.ts'
export type { WatermarkGenerator, WatermarkOptions, WatermarkStrategy } from './lib/watermarks/watermark-strategy.ts'
export type {
  Accumulation,
  CountWindows,
  PaneInfo,
  Slice,
  SlidingWindows,
  TimeWindows,
  Timing,
  Window,
  WindowAssigner,
  Windows,
  WindowSeries,
} from './lib/window.ts'
