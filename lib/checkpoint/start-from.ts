import { TidemarkError } from '../errors.ts'
import { decode, encode } from '../state/codec.ts'
import { type Files, hasCode } from '../state/files.ts'
import { readSavepoint, savepointChecksum } from '../state/savepoint-reader.ts'
import type { Recovered, StateStore } from '../state/state-store.ts'
import type { JobRecord, Origin } from './job-record.ts'

/**
 * Opens a store that begins with a savepoint: one without a checkpoint gets it as its first, and one that began with it, whatever
 * has come since, goes on from its last.
 *
 * @throws TidemarkError `checkpoint` for a savepoint that is none or not whole, and for a store with other checkpoints
 */
export async function startFrom(path: string, store: StateStore, files: Files): Promise<Recovered | undefined> {
  const recovered = await store.open()
  if (recovered !== undefined) {
    const { origin } = decode(recovered.meta) as JobRecord
    if (await isOrigin(origin, path, files)) return recovered
    throw new TidemarkError(
      'checkpoint',
      `run: expected checkpoint.dir to be empty or to have begun from '${path}', got checkpoints that have not; take another folder, or leave out checkpoint.from to go on from them`,
    )
  }
  await readSavepoint(path, files, async ({ epoch, meta, checksum, cells }) => {
    const record: JobRecord = { ...(decode(meta) as JobRecord), origin: { path, checksum } }
    await store.commit({ epoch, meta: encode(record), changes: cells, all: cells })
  })
  // What is read then is what the next start would read.
  await store.close()
  return store.open()
}

/** A savepoint that is not there any more is told by its path: a job that goes on does not need it. */
async function isOrigin(origin: Origin | undefined, path: string, files: Files): Promise<boolean> {
  if (origin === undefined) return false
  try {
    return (await savepointChecksum(path, files)) === origin.checksum
  } catch (error) {
    if (error instanceof Error && hasCode(error.cause, 'ENOENT')) return path === origin.path
    throw error
  }
}
