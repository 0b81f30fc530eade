import type { Gauge } from './gauge.ts'
import type { SinkMetrics } from '../metrics.ts'

/** Work that an operator has left over, because it had more to emit than one turn takes. */
export interface Unfinished {
  /** When it was wired: what is further upstream comes later. */
  readonly order: number
  /** Goes on; true when nothing is left. */
  resume(): boolean
}

/** A sink, as far as the driver is concerned. */
export interface DrivenSink {
  /** Has taken everything, and the end. */
  readonly done: boolean
  /** Writes what has been collected. */
  flush(): Promise<void>
  close(reason: unknown): Promise<void>
  readonly name: string
  prepare(epoch: number): Promise<unknown>
  commit(epoch: number, receipt: unknown): Promise<void>
  recover(receipt: unknown): Promise<void>
  /** It had taken the end in a run before this one: what is wired to it goes, and is done. */
  leave(): void
  metrics(): SinkMetrics
}

/** The checkpoints of a job, as far as the driver is concerned. */
export interface DrivenCheckpoints {
  /** Whether one is to be taken as soon as nothing is left over; `isLast` if nothing more will happen. */
  isDue(isLast: boolean): boolean
  take(): Promise<void>
}

/** What a driver works for. */
export interface DriverHost {
  readonly checkpoints: DrivenCheckpoints | undefined
  readonly hasFailed: boolean
  /** Nothing more is to happen. */
  readonly isOver: boolean
  /** Nothing more is to be pulled. */
  readonly isStopping: boolean
  /** What was opened when this became so is to be the last. */
  readonly isDraining: boolean
  within(work: () => void, gauge?: Gauge): void
  /** Lets go of what has ended. */
  sweep(): void
  /** While draining, ends what does not run dry, and what has been opened since; false if there is nothing. */
  endRest(): boolean
  settleIfDone(): void
  fail(error: unknown): void
}
