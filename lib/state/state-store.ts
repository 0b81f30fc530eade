/**
 * Takes the cells of state one after the other, at once: it keeps nothing of a key or a value, which are plain data.
 *
 * @param table whose state it is, such as an operator's id
 * @param value `undefined`: there is nothing under the key any more
 * @throws TidemarkError `checkpoint` for what is no plain data
 */
export type WriteCell = (table: string, key: unknown, value: unknown) => void

/** What becomes durable at once, or not at all. */
export interface Commit {
  /** Number of the checkpoint. */
  readonly epoch: number
  /** What there is beside the cells. */
  readonly meta: Uint8Array
  /** Hands over what has changed since the last commit that succeeded; of cells with the same key the last counts. */
  changes(write: WriteCell): void
  /** Hands over every cell there is, with the changes made, for a store that now and then writes all of them anew. */
  all(write: WriteCell): void
}

/** What was committed last. Read it before the next commit, and each table once. */
export interface Recovered {
  readonly epoch: number
  readonly meta: Uint8Array
  /** The tables that have a cell, in the order of their names' bytes. */
  tables(): Iterable<string>
  /** The cells of a table, in an order that only the keys decide. */
  cells(table: string): Iterable<SavedCellPair>
}

/** A cell that was committed. It is the receiver's to keep. */
export type SavedCellPair = readonly [key: unknown, value: unknown]

/** Reads cells one by one, as they were committed last, at once. */
export interface CellReader {
  /** The value under a key of a table; `undefined` if there is none. */
  get(table: string, key: unknown): unknown
  /**
   * At most `count` cells of a table in the order in which `cells` gives them, from that of a key on or, if it has none, from the
   * next one on; from the first one if no key is given.
   */
  from(table: string, at: { readonly key: unknown } | undefined, count: number): readonly SavedCellPair[]
}

/** Options that every store has. */
export interface StoreOptions {
  /**
   * Takes the folder also from a process of another machine or container of which can't be seen from here whether it is gone.
   * For jobs of which whatever starts them, such as an orchestrator, sees to it that there is one at a time: else two write to one
   * folder. A process that has lost its folder can't commit any more. False unless given.
   */
  readonly takeOver?: boolean
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
  /** Of a store for state that is larger than memory: what has not changed since the last commit need not be held in it. */
  readonly reader?: CellReader
  /** Lets go of the folder. */
  close(): Promise<void>
}
