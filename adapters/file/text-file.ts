import { show, TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { realFiles } from '../../lib/state/files.ts'
import { FileSink } from './file-sink.ts'

/**
 * Writes each value as a line of text to a file. In a job with checkpoints each line counts once, whatever happens: a
 * checkpoint waits until the file is on the disk, and the next run cuts off what was written behind the last one.
 *
 * The file is made if it is not there. A file with something in it is written on only if the job's checkpoint knows it, and
 * otherwise refused, so that nothing is destroyed. Nobody else may write to it meanwhile; another sink of the process is refused. Holds a
 * descriptor until the job is over.
 *
 * @param path its folder has to be there; say it in the same way at each start, it is the sink's name in the checkpoint
 * @param format makes the line, without its ending
 * @example
 * ```ts
 * await run(counts, textFile('counts.tsv', ({ key, value }) => `${key}\t${value}`), { checkpoint: { dir: 'state' } }).done
 * ```
 * @throws TidemarkError `invalid-argument` without a path; as the error of the job `output` for a file that is not what the
 *   checkpoint says, or can't be written to, and `callback` when `format` throws
 */
export function textFile<T>(path: string, format: (value: T) => string): Sink<T> {
  if (typeof path !== 'string' || path === '') {
    throw new TidemarkError('invalid-argument', `textFile: expected the path of a file, got ${show(path)}`)
  }
  return new FileSink('textFile', path, format, realFiles)
}
