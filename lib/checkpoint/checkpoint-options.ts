import { show, TidemarkError } from '../errors.ts'
import type { StateStore, StoreOptions } from '../state/state-store.ts'
import { logStore } from '../state/log-store.ts'
import { type Duration, toPositiveMillis } from '../time.ts'

/** Where and how often the state of a job is saved. */
export interface CheckpointOptions extends StoreOptions {
  /** A folder that is the job's alone; made if it is not there. */
  readonly dir: string
  /** How often, in processing time; `'10s'` unless given. At `stop`, and at the end of the input, in any case. */
  readonly every?: Duration
  /**
   * A checkpoint is taken early when what has changed since the last one would take more bytes than this; `64 MiB` unless given. It
   * bounds what a store for state larger than memory has to hold in it.
   */
  readonly maxDirtyBytes?: number
  /** Ids of operators and names of sinks that may be missing, though the checkpoint has their state; of others that is an error. */
  readonly drop?: readonly string[]
  /** What keeps the state in the folder; a log of what changes unless given. */
  readonly store?: (dir: string, options: StoreOptions) => StateStore
}

/** Validated. */
export interface CheckpointSettings {
  readonly store: StateStore
  readonly drop: readonly string[]
  /** ms */
  readonly every: number
  readonly maxDirtyBytes: number
}

/** @throws TidemarkError `invalid-argument` or `invalid-duration` for options that are none */
export function toCheckpointSettings({
  dir,
  every = '10s',
  maxDirtyBytes = 64 * 2 ** 20,
  drop = [],
  store = logStore,
  takeOver = false,
}: CheckpointOptions): CheckpointSettings {
  if (typeof dir !== 'string' || dir === '') {
    throw new TidemarkError('invalid-argument', `run: checkpoint.dir must be the path of a folder, got ${show(dir)}`)
  }
  if (!(maxDirtyBytes > 0)) {
    throw new TidemarkError('invalid-argument', `run: checkpoint.maxDirtyBytes must be > 0, got ${show(maxDirtyBytes)}`)
  }
  return {
    maxDirtyBytes,
    every: toPositiveMillis(every, 'run: checkpoint.every'),
    store: store(dir, { takeOver }),
    drop,
  }
}
