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
  /**
   * The path of a savepoint that the job starts from, where the folder has no checkpoint yet. A folder that began with this
   * savepoint goes on from its last checkpoint, so a service is restarted with the options it was started with; one with other
   * checkpoints is refused.
   */
  readonly from?: string
  /**
   * Ids of operators and names of sinks that may be missing, though the checkpoint has their state; of others that is an error. A part
   * of an operator's state, such as one of several aggregates, is named behind the id: `'perHost.bytes'`.
   */
  readonly drop?: readonly string[]
  /**
   * The new ids of operators, sources and sinks that the checkpoint has under old ones: `{ perHost: 'perSite' }`. May stay when it
   * has been done.
   */
  readonly rename?: Readonly<Record<string, string>>
  /** What keeps the state in the folder; a log of what changes unless given. */
  readonly store?: (dir: string, options: StoreOptions) => StateStore
}

/** How a pipeline differs from that of a checkpoint. */
export interface CheckpointChanges {
  readonly drop: readonly string[]
  /** New ids by old ones. */
  readonly rename: ReadonlyMap<string, string>
}

/** Validated. */
export interface CheckpointSettings extends CheckpointChanges {
  readonly store: StateStore
  readonly from: string | undefined
  /** ms */
  readonly every: number
  readonly maxDirtyBytes: number
}

/** @throws TidemarkError `invalid-argument` or `invalid-duration` for options that are none */
export function toCheckpointSettings({
  dir,
  every = '10s',
  from,
  maxDirtyBytes = 64 * 2 ** 20,
  drop = [],
  rename = {},
  store = logStore,
  takeOver = false,
}: CheckpointOptions): CheckpointSettings {
  if (typeof dir !== 'string' || dir === '') {
    throw new TidemarkError('invalid-argument', `run: checkpoint.dir must be the path of a folder, got ${show(dir)}`)
  }
  if (from !== undefined && (typeof from !== 'string' || from === '')) {
    throw new TidemarkError(
      'invalid-argument',
      `run: checkpoint.from must be the path of a savepoint, got ${show(from)}`,
    )
  }
  if (!(maxDirtyBytes > 0)) {
    throw new TidemarkError('invalid-argument', `run: checkpoint.maxDirtyBytes must be > 0, got ${show(maxDirtyBytes)}`)
  }
  return {
    every: toPositiveMillis(every, 'run: checkpoint.every'),
    store: store(dir, { takeOver }),
    maxDirtyBytes,
    from,
    drop,
    rename: new Map(Object.entries(rename)),
  }
}
