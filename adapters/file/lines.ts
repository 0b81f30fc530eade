import type { Observable } from 'rxjs'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Chunk } from '../../lib/chunk-source.ts'
import { TidemarkError } from '../../lib/errors.ts'
import type { Split } from '../../lib/split.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { toByteCount } from '../line/byte-count.ts'
import { generatedReader } from '../line/generated-reader.ts'
import type { Line } from '../line/line.ts'
import { lineChunks, type LinePosition } from '../line/line-chunks.ts'
import { defaultMaxLineBytes, LineSplitter } from '../line/line-splitter.ts'
import { readableBytes } from '../stdio/readable-bytes.ts'
import { expandPaths } from './expand-paths.ts'
import { fileBytes } from './file-bytes.ts'

export interface LinesOptions {
  /** Longest line, without its ending; a longer one is skipped and counted as refused. 1 MiB unless said otherwise. */
  readonly maxLineBytes?: number
  /** Bytes read at once, the unit of the job's turns; whoever keeps a `Line` keeps that many. 256 KiB unless said otherwise. */
  readonly chunkBytes?: number
  /** Where lines that are too long are handed to. */
  readonly refused?: SideOutput<DeadLetter>
}

/**
 * Reads the lines of files, one file after the other in the order given. Numbers and offsets start anew in each, and the
 * last line of one never runs into the first of the next. A file that starts like gzip or, from Node 22.15 on, zstd is decompressed,
 * whatever its name.
 * Holds one descriptor, one chunk and at most one line that has not ended.
 *
 * @param paths of files, or globs of `*?[]{}`, whose files are read in the order of their names; `-` is standard input. All
 *   are looked up before the first is read.
 * @example
 * ```ts
 * const texts = lines(['archive/*.log.gz', 'access.log']).pipe(map((line) => line.text))
 * ```
 * @throws TidemarkError `invalid-argument` for a bad limit or no path at all; `input` as the error of the job for a missing
 *   file, a directory, a glob that matches nothing, and for a file that can't be read on, after the lines before that
 */
export function lines(paths: string | readonly string[], options: LinesOptions = {}): Observable<Line> {
  const given = typeof paths === 'string' ? [paths] : [...paths]
  const [first] = given
  if (first === undefined) throw new TidemarkError('invalid-argument', 'lines: expected at least one path, got none')
  const maxLineBytes = toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, 'lines: maxLineBytes')
  const chunkBytes = toByteCount(options.chunkBytes ?? 256 * 1024, 'lines: chunkBytes')

  async function* chunks(
    refused: (line: DeadLetter) => void,
    signal: AbortSignal,
    from: LinePosition | undefined,
  ): AsyncGenerator<Chunk<Line>> {
    const paths = await expandPaths(given)
    const first = from === undefined ? 0 : paths.indexOf(from.source)
    if (first === -1)
      throw new TidemarkError(
        'input',
        `lines: expected the file that the checkpoint names, '${from?.source}', got none`,
      )
    for (const [index, path] of paths.slice(first).entries()) {
      const isStdin = path === '-'
      const { offset, number } = index === 0 && from !== undefined ? from : start
      const bytes = isStdin ? readableBytes(process.stdin, signal) : fileBytes(path, chunkBytes, signal, offset)
      const splitter = new LineSplitter(isStdin ? 'stdin' : path, maxLineBytes, refused, offset, number)
      const split = isStdin ? standardInput() : { id: path, isWaiting: () => true, sharesWatermark: true }
      yield* lineChunks(bytes, splitter, 'lines', signal, { isReplayable: !isStdin, split })
    }
  }

  return defineSource<Line>({
    name: given.length === 1 ? `lines(${first})` : `lines(${first} and ${given.length - 1} more)`,
    open(context, position) {
      const refused = context.refusals(options.refused)
      return generatedReader((signal) => chunks(refused, signal, position as LinePosition | undefined))
    },
  })
}

const start = { offset: 0, number: 0 }

function standardInput(): Split {
  return { isWaiting: () => process.stdin.readableLength > 0, sharesWatermark: true }
}
