import type { PagedCells } from './paged-cells.ts'
import type { StateShape } from './state-shape.ts'

/**
 * State as checkpoints see it: cells of plain data, each under a key of its own. What is plain: primitive values, arrays, objects,
 * `Map`, `Set`, `Date` and bytes.
 *
 * Whoever has the state notes which of its cells change, as `Changes` does, so that a checkpoint costs what has changed.
 */
export interface SavedPart {
  /**
   * The store can read cells one by one: those that have not changed since the last checkpoint need not be held. Called before
   * `load`.
   *
   * @param watermark what the operator has come to, epoch ms
   */
  page?(cells: PagedCells, watermark: number): void
  /** What `save` has handed over last is durable. */
  committed?(): void
  /** Hands over the cells that have changed since the last call, with `undefined` for one that has gone; or all there are. */
  save(write: (key: unknown, cell: unknown) => void, which: 'changed' | 'all'): void
  /** Takes a cell back, before there is any event; in whatever order. */
  load(key: unknown, cell: unknown): void
  /** All cells have been taken back. */
  loaded?(): void
}

/** Makes a cell of a version into those of the next: one, none or several. */
export type Migration = (key: unknown, cell: unknown) => Iterable<readonly [key: unknown, cell: unknown]>

/** The state of an operator as checkpoints see it. */
export interface SavedState extends SavedPart {
  /** Of the layout of its cells: a checkpoint with a later one is refused, one with an earlier one is migrated. */
  readonly version: number
  /** What leads from a version to the next, under the number of the earlier one; a step that is needed and missing is an error. */
  readonly migrations?: Readonly<Record<number, Migration>> | undefined
  /** How that looks in its cells which users decide on. */
  readonly shape?: StateShape | undefined
}
