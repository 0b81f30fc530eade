import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { realFiles } from '../../lib/state/files.ts'
import { toByteCount } from '../line/byte-count.ts'
import { toJson } from '../line/to-json.ts'
import { PartSink } from './part-sink.ts'

export interface PartFilesOptions<T> {
  /** Makes the line of a value, without its ending. JSON unless said otherwise. */
  readonly format?: (value: T) => string
  /** What the names of parts end in; `.ndjson` unless said otherwise. */
  readonly extension?: string
  /** A part that has come to so many bytes is closed. It may exceed them by the lines of a batch. 64 MiB unless said otherwise. */
  readonly maxBytes?: number
}

/**
 * Writes each value as a line to files of a folder that never change once they have their name: `part-00000001.ndjson` and so on.
 * In a job with checkpoints each line counts once, whatever happens, and whoever reads the parts meanwhile sees nothing that
 * could be taken back: a part ends at the latest when a checkpoint is taken, and gets its name when that is done. So `every`
 * of the checkpoints says how long results wait. Until then its name ends in `.tmp`. Parts that have their name may be moved away.
 *
 * The folder is made if it is not there. One with parts that no checkpoint of the job knows is refused, and so is another sink of the process for the same one. Holds a descriptor,
 * and nothing else.
 *
 * @param folder say it in the same way at each start, it is the sink's name in the checkpoint
 * @example
 * ```ts
 * await run(perHour, partFiles('per-hour'), { checkpoint: { dir: 'state', every: '1m' } }).done
 * ```
 * @throws TidemarkError `invalid-argument` without a folder, or for a bad option; as the error of the job `output` for a folder
 *   that can't be used, or for a value that JSON can't express, and `callback` when `format` throws
 */
export function partFiles<T>(folder: string, options: PartFilesOptions<T> = {}): Sink<T> {
  const { format = toJson, extension = '.ndjson', maxBytes = 64 * 2 ** 20 } = options
  if (typeof folder !== 'string' || folder === '') {
    throw new TidemarkError('invalid-argument', `partFiles: expected the path of a folder, got ${show(folder)}`)
  }
  if (typeof extension !== 'string' || /[/\\]|\.tmp$/.test(extension)) {
    throw new TidemarkError(
      'invalid-argument',
      `partFiles: extension must be the end of a file's name other than .tmp, got ${show(extension)}`,
    )
  }
  const settings = { format, extension, maxBytes: toByteCount(maxBytes, 'partFiles: maxBytes') }
  return new PartSink(folder, settings, realFiles)
}
