import type { Ledger } from './counters.ts'

/** One source of a job. */
export interface SourceMetrics {
  readonly name: string
  /** Values handed to the pipeline. */
  readonly read: number
  /** What could not become a value, such as a line longer than the limit. */
  readonly refused: number
  /** How often values may have been lost before they could be read. */
  readonly gaps: number
  readonly chunks: number
  /** Where the chunk at hand was read, as the source says it for checkpoints; `undefined` if it can't be read again from there. */
  readonly position: unknown
  /** What is known to be there and was not read, by the source's parts, such as records of partitions; `undefined` where that can't be known. */
  readonly lags: ReadonlyMap<string, number> | undefined
  readonly ended: boolean
}

/** One operator of a job. */
export interface OperatorMetrics extends Ledger {
  /** Its `id` option, or its name, with `#2` and so on where a job has several of that name. */
  readonly id: string
  readonly name: string
  /** Elements that went out. */
  readonly out: number
  /** Single windows that an event came too late for, or whose trigger was finished, while others still took it. */
  readonly windowDrops: number
  /** Entries of its state, such as open windows times keys. */
  readonly entries: number
  /** How it does its work, where there are several ways. */
  readonly about?: string
  /** Its combined watermark, epoch ms; -Infinity before the first, +Infinity after the end. */
  readonly watermark: number
}

/** One sink of a job. */
export interface SinkMetrics {
  readonly name: string
  /** Values the sink has taken. */
  readonly written: number
  /** Values waiting for it now. */
  readonly buffered: number
  /** The most that ever waited at once. */
  readonly mostBuffered: number
}

/** A job at one moment. */
export interface JobMetrics {
  readonly sources: readonly SourceMetrics[]
  readonly operators: readonly OperatorMetrics[]
  readonly sinks: readonly SinkMetrics[]
  /** Every operator accounts for all its events. */
  readonly balanced: boolean
}
