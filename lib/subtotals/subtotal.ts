/**
 * What some events of a key and of one slice of time come to. It is an event of its own, for the aggregate that merges them: events
 * are added up where they are read, and no longer one by one where the windows are.
 */
export interface Sum<K> extends At<K> {
  readonly accumulator: unknown
}

/** An event that was not added to others. */
export interface Single<K, T> extends At<K> {
  readonly value: T
}

interface At<K> {
  readonly key: K
  /** Event time, epoch ms: of a sum that of one of its events. */
  readonly time: number
  /** The watermark behind it, epoch ms; `undefined` if it stays as it is. */
  readonly watermark: number | undefined
}

/** A sum, or an event by itself where what becomes of it is not known before it comes to the windows. */
export type Subtotal<K, T> = Sum<K> | Single<K, T>
