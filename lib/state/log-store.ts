import { show, TidemarkError } from '../errors.ts'
import { LogFolder, type LogSettings } from './log-folder.ts'
import { realFiles } from './files.ts'
import { thisProcess } from './owner.ts'
import type { StateStore, StoreOptions } from './state-store.ts'

/** How a log is kept small, and whose it is. */
export interface LogStoreOptions extends StoreOptions {
  /**
   * The log is written anew, with nothing in it but what is live, when it is so many times as large as after the last time;
   * 4 unless given. Less takes less disk, and more writing. A commit that does so takes as long as to write all of the state.
   */
  readonly growth?: number
  /** In bytes; a smaller log is left alone. 16 MiB unless given. */
  readonly leastBytes?: number
  /**
   * Called by `open` when commits that had been durable can't be read, because the file was damaged, with a text that says what
   * was found and what it was taken back to. Throw in it to stop there. A warning of the process unless given.
   */
  readonly onDamage?: (message: string) => void
}

/**
 * Keeps checkpoints in a log of what changes, for state that lives in memory. A commit writes the cells that have changed, and
 * waits until they are on the disk. Now and then it writes all cells into a new file, which then takes the place of the old one.
 *
 * Recovers to the last whole commit, whatever byte of the log is torn or changed. What a crash broke off is cut away. Damage
 * further in front, which no crash can do, is announced: see `onDamage`; the file is kept then, under a name that ends in `.damaged`.
 *
 * Holds no cell in memory, but for those recovered that were not read yet.
 *
 * @param folder for this store alone; is made if it is not there
 * @throws TidemarkError `invalid-argument`
 * @see docs/decisions/0015-a-log-of-changes.md
 *
 * @example
 * import { logStore } from 'tidemark'
 *
 * const store = logStore('checkpoints/orders', { leastBytes: 64 * 2 ** 20 })
 */
export function logStore(folder: string, options: LogStoreOptions = {}): StateStore {
  if (typeof folder !== 'string' || folder === '') {
    throw new TidemarkError('invalid-argument', `logStore: folder must be a path, got ${show(folder)}`)
  }
  return new LogFolder(folder, realFiles, thisProcess, toLogSettings(options))
}

function toLogSettings(options: LogStoreOptions): LogSettings {
  const { growth = 4, leastBytes = 16 * 2 ** 20, onDamage = warn, takeOver = false } = options
  if (!(growth > 1)) throw new TidemarkError('invalid-argument', `logStore: growth must be > 1, got ${show(growth)}`)
  if (!(leastBytes >= 0)) {
    throw new TidemarkError('invalid-argument', `logStore: leastBytes must be >= 0, got ${show(leastBytes)}`)
  }
  return { growth, leastBytes, onDamage, frameBytes: 256 * 1024, takeOver }
}

function warn(message: string): void {
  process.emitWarning(message, { type: 'TidemarkDamage' })
}
