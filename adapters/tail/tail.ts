import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { oneOf } from '../../lib/one-of.ts'
import { type Duration, toNonNegativeMillis, toPositiveMillis } from '../../lib/time.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { toByteCount } from '../line/byte-count.ts'
import { generatedReader } from '../line/generated-reader.ts'
import type { Line } from '../line/line.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { defaultMaxLineBytes } from '../line/line-splitter.ts'
import type { TailPosition } from './followed-files.ts'
import { localFiles } from './local-files.ts'
import { tailChunks } from './tail-chunks.ts'
import type { TailGap } from './tail-gap.ts'

export interface TailOptions {
  /**
   * Where to begin in a file that is there at the first start: with the first line, or with the next one that ends. Files
   * that come later are read from their start, and a job with checkpoints goes on where it was. `'end'` unless said otherwise.
   */
  readonly from?: 'start' | 'end'
  /** False to look at the files only every `poll`, and not to be told of changes by the file system. */
  readonly watch?: boolean
  /** How often to look at the files in any case, such as those on a network that tell nothing. `'1s'` unless said otherwise. */
  readonly poll?: Duration
  /** How long to wait for the rest of a line; then it leaves as it is, and the rest is a line of its own. `'5s'` unless said otherwise. */
  readonly lineTimeout?: Duration
  /** How long a file that was rotated is read on when nothing is written to it. `'5s'` unless said otherwise. */
  readonly rotateWait?: Duration
  /** Longest line, without its ending; a longer one is skipped and counted as refused. 1 MiB unless said otherwise. */
  readonly maxLineBytes?: number
  /** Bytes read at once, the unit of the job's turns; whoever keeps a `Line` keeps that many. 256 KiB unless said otherwise. */
  readonly chunkBytes?: number
  /** Where lines that are too long are handed to. */
  readonly refused?: SideOutput<DeadLetter>
  /** Where it is told that lines may have been lost. Counted in the metrics, and told as a notice of the job, in any case. */
  readonly gaps?: SideOutput<TailGap>
}

/**
 * Follows a file by its name, and reads each line as soon as it has ended. The file may be rotated in any way, replaced, removed, or
 * not be there yet: one that has lost its name is read to its end before the one that has it now. Never ends.
 *
 * In a job with checkpoints each line counts once, also if the file is rotated while the job does not run: what is left of it is
 * found beside it under a name such as `app.log.1` or `app.log-20261128.gz`, by its inode or by what is in it. Where lines may have been
 * lost, it is said, but for what nobody can know, such as that a file was cut off without a copy and holds again what was read of it.
 *
 * Holds for each name one descriptor, and those of files that were rotated for `rotateWait`; one chunk, and at most one line of each file that
 * has not ended.
 *
 * @param path of a file, or a glob of `*?[]{}`: each file that it means now or later is followed; files that one of them was
 *   rotated to are its past, and not followed by themselves
 * @example
 * ```ts
 * const texts = tail('/var/log/app.log').pipe(map((line) => line.text))
 * ```
 * @throws TidemarkError `invalid-argument` for a bad option or an empty path; `input` as the error of the job when a file can't be read
 * @see the options `-F` of GNU tail, and `copytruncate` of logrotate
 */
export function tail(path: string, options: TailOptions = {}): Observable<Line> {
  if (typeof path !== 'string' || path === '') {
    throw new TidemarkError('invalid-argument', `tail: expected the path of a file, or a glob, got ${show(path)}`)
  }
  const settings = {
    files: localFiles,
    path,
    from: oneOf('tail: from', options.from ?? 'end', ['start', 'end'] as const),
    isWatching: options.watch ?? true,
    poll: toPositiveMillis(options.poll ?? '1s', 'tail: poll'),
    lineTimeout: toPositiveMillis(options.lineTimeout ?? '5s', 'tail: lineTimeout'),
    rotateWait: toNonNegativeMillis(options.rotateWait ?? '5s', 'tail: rotateWait'),
    maxLineBytes: toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, 'tail: maxLineBytes'),
    chunkBytes: toByteCount(options.chunkBytes ?? 256 * 1024, 'tail: chunkBytes'),
  }
  return defineSource<Line>({
    name: `tail(${path})`,
    open(context, position) {
      const refused = context.refusals(options.refused)
      const gap = context.gaps(options.gaps)
      const { clock } = context
      return generatedReader((signal) =>
        tailChunks({ ...settings, refused, gap, clock }, signal, position as TailPosition | undefined),
      )
    },
  })
}
