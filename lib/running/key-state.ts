import type { SavedCell } from '../checkpoint/changes.ts'

/** What is kept for a key, as far as its store is concerned. */
export interface KeyState<K> extends SavedCell {
  readonly key: K
  /** The latest time that belongs to it; may rise, at any moment. */
  latest: number
  /** In the order in which keys came: breaks ties. Given by the store; -1 when it is not there any more. */
  number: number
}

/** A state as checkpoints keep it: its number, its latest time, and what a codec made of it. */
export type SavedKeyState = readonly [number: number, latest: number, saved: unknown]

/** How the states of a store are written down, in plain data. */
export interface StateCodec<K, S> {
  /** All but what the store knows: key, latest time and number. */
  readonly save: (state: S) => unknown
  readonly load: (key: K, saved: unknown, latest: number) => S
  /** Counts in what an earlier run has left of a key. */
  readonly count?: (saved: unknown) => void
  /** If nobody sees a key expire, its state need not be in memory where the checkpoints can be read. */
  readonly paging?: Paging<S>
}

/** What becomes of states that leave memory and come back as they are asked for. */
export interface Paging<S> {
  /** Has to stay in memory: something else holds it. */
  readonly isPinned?: (state: S) => boolean
  /** What there is in it has come to an end while it was away, so that there is nothing of the key any more. */
  readonly isSpent?: (state: S) => boolean
  /** It leaves memory. */
  readonly letGo?: (state: S) => void
  /** A key that is not in memory has expired. */
  readonly expire?: (saved: unknown) => void
}
