import type { CombinedRecord } from '../watermarks/combined-watermark.ts'

/** How far a source has been processed. */
export interface SourceRecord {
  /** Where to open it, as its chunks say; undefined where they don't. */
  readonly position: unknown
  /** How many values behind that have been processed. */
  readonly skip: number
  readonly hasEnded: boolean
}

/** What a checkpoint says of an operator beside its cells. */
export interface OperatorRecord {
  /** Of the layout of its cells; undefined for one that has none. */
  readonly version: number | undefined
  /** How that looks in them which users decide on; undefined where they don't. */
  readonly shape: unknown
  readonly inputs: CombinedRecord
  /** The watermark that was passed on last. */
  readonly sent: number
  readonly isIdle: boolean
}

/** What a checkpoint says of a place where timestamps are assigned. */
export interface IngressRecord {
  readonly watermark: number
  readonly isIdle: boolean
}

/** The savepoint that a job has started from. */
export interface Origin {
  readonly path: string
  /** Tells it from others that have been written to the same path. */
  readonly checksum: number
}

/** What a checkpoint says of a job beside the cells of its operators, by ids. */
export interface JobRecord {
  readonly sources: ReadonlyMap<string, SourceRecord>
  /** Of operators and ingresses. */
  readonly operators: ReadonlyMap<string, unknown>
  /** What sinks have said when they were prepared. */
  readonly sinks: ReadonlyMap<string, unknown>
  readonly origin: Origin | undefined
}
