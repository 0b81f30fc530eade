export { type Arrival, inTimeOrder, shifted } from './arrival.ts'
export { batchWindows, type BatchQuery, type WindowGrid } from './batch-windows.ts'
export { calm, type Case, type Crashes } from './case.ts'
export { cases, clocks, crashes, splitsOf } from './cases.ts'
export { type CaseOptions, checkCase } from './check-case.ts'
export { type CheckOptions, checkPipeline, type CheckReport, LawBroken } from './check-pipeline.ts'
export type { Counterexample } from './counterexample/counterexample.ts'
export type { RegressionFile } from './counterexample/regression-file.ts'
export { changelogs, type ChangelogsOptions } from './changelogs.ts'
export { chunkings } from './chunkings.ts'
export { clockChanges } from './clock-changes.ts'
export { cover, type Requirement } from './cover.ts'
export type { CrashingRun } from './crashing-run.ts'
export type { Distribution } from './distribution.ts'
export { events, type EventsOptions } from './events.ts'
export {
  type EventResult,
  finalResult,
  inFixedOrder,
  type Result,
  type ValueResult,
  type WindowResult,
} from './final-result.ts'
export { interleavings } from './interleavings.ts'
export type { Law } from './law.ts'
export * as laws from './laws/index.ts'
export type { DiscardingOptions } from './laws/discarding-sums-to-accumulating.ts'
export type { Oracle } from './laws/equals-batch.ts'
export type { OutcomeOptions } from './laws/outcome.ts'
export type { StateMoment } from './laws/state-bounded.ts'
export type { TimeShiftOptions } from './laws/time-shift-invariant.ts'
export { type LogFormat, type LogLine, logLines, type LogLinesOptions } from './log-lines.ts'
export { type Pace, paces, steady } from './pace.ts'
export { paced, type PacedOptions } from './paced.ts'
export { recorded, type RecordedOptions } from './recorded.ts'
export { type RecordedLine, recordedLines } from './recorded-lines.ts'
export { agree, refute, Refutation, type Sides } from './refutation.ts'
export type { Sample } from './sample.ts'
export {
  type Experiment,
  type LateEvent,
  type LateOutput,
  type Pipeline,
  type Step,
  trial,
  type Trial,
  type TrialOptions,
} from './trial.ts'
export type { Change, Tried } from './tried.ts'
export { watermarks, type WatermarksOptions } from './watermarks.ts'
