/** A cell of state: the bytes under a key of a table. */
export interface Cell {
  /** Whose state it is, such as an operator's id. */
  readonly table: string
  readonly key: Uint8Array
  /** `undefined`: there is nothing under the key any more. */
  readonly value: Uint8Array | undefined
}

/** What becomes durable at once, or not at all. */
export interface Commit {
  /** Number of the checkpoint. */
  readonly epoch: number
  /** What there is beside the cells. */
  readonly meta: Uint8Array
  /** What has changed since the last commit that succeeded; of cells with the same key the last counts. */
  readonly changes: Iterable<Cell>
  /** Every cell there is, with the changes made, for a store that now and then writes all of them anew. */
  all(): Iterable<Cell>
}

/** What was committed last. Read it before the next commit, and each table once. */
export interface Recovered {
  readonly epoch: number
  readonly meta: Uint8Array
  /** The tables that have a cell, in the order of their names' bytes. */
  tables(): Iterable<string>
  /** The cells of a table, in the order of the keys' bytes. The bytes are the receiver's to keep. */
  cells(table: string): Iterable<readonly [key: Uint8Array, value: Uint8Array]>
}

/**
 * Where the checkpoints of a job are kept. One call at a time. A store belongs to one job: when it has been closed, or failed to
 * open, it may be opened again.
 */
export interface StateStore {
  /**
   * Takes the folder for this process, and reads what was committed last; `undefined` if nothing was.
   *
   * @throws TidemarkError `checkpoint` for a folder that can't be used: held by another process, not writable, of something else,
   *   of a newer version, damaged so that no commit is whole
   */
  open(): Promise<Recovered | undefined>
  /**
   * Makes a commit durable. It reads the cells before it is done, and keeps none of their bytes. If it fails, the last commit is
   * intact, and the next may be tried with all changes since.
   *
   * @throws TidemarkError `checkpoint`
   */
  commit(commit: Commit): Promise<void>
  /** Lets go of the folder. */
  close(): Promise<void>
}
