import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { realFiles } from '../../lib/state/files.ts'
import { toJson } from '../line/to-json.ts'
import type { NdjsonOptions } from '../stdio/ndjson.ts'
import { FileSink } from './file-sink.ts'

/**
 * Writes each value as a line of JSON to a file, under the rules of `textFile`: in a job with checkpoints each line counts
 * once, and a file that no checkpoint knows is refused unless it is empty. Holds a descriptor until the job is over.
 *
 * @param path its folder has to be there; say it in the same way at each start, it is the sink's name in the checkpoint
 * @example
 * ```ts
 * await run(perHour, ndjsonFile('per-hour.ndjson'), { checkpoint: { dir: 'state' } }).done
 * ```
 * @throws TidemarkError `invalid-argument` without a path; as the error of the job `output` for a file that is not what the
 *   checkpoint says, or can't be written to, or for a value that JSON can't express, and `callback` when `stringify` throws
 * @see https://github.com/ndjson/ndjson-spec
 */
export function ndjsonFile<T>(path: string, options: NdjsonOptions<T> = {}): Sink<T> {
  if (typeof path !== 'string' || path === '') {
    throw new TidemarkError('invalid-argument', `ndjsonFile: expected the path of a file, got ${show(path)}`)
  }
  return new FileSink('ndjsonFile', path, options.stringify ?? toJson, realFiles)
}
