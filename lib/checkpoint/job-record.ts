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
  /** Of the splits that the next run will have too. */
  readonly splits?: readonly SplitRecord[]
}

/** What a checkpoint says of a split. */
export interface SplitRecord {
  readonly id: string
  readonly watermark: number
  readonly isIdle: boolean
}

/** What a checkpoint says of a sink. */
export interface SinkRecord {
  /** What it has said when it was prepared; undefined for one that takes no part. */
  readonly receipt: unknown
  /** It has taken everything, and the end. */
  readonly hasEnded: boolean
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
  readonly sinks: ReadonlyMap<string, SinkRecord>
  readonly origin: Origin | undefined
}
