import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { SideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { toByteCount } from '../line/byte-count.ts'
import { generatedReader } from '../line/generated-reader.ts'
import type { Line } from '../line/line.ts'
import { lineChunks } from '../line/line-chunks.ts'
import { defaultMaxLineBytes, LineSplitter } from '../line/line-splitter.ts'
import { readableBytes } from './readable-bytes.ts'

export interface StdinOptions {
  /** Longest line, without its ending; a longer one is skipped and counted as refused. 1 MiB unless said otherwise. */
  readonly maxLineBytes?: number
  /** Where lines that are too long are handed to. */
  readonly refused?: SideOutput<DeadLetter>
  /** The stream to read in place of `process.stdin`, such as the output of a child process. */
  readonly readable?: Readable
}

/**
 * Reads the lines of standard input. What has arrived leaves at once, so that behind `tail -f` no line waits for the next.
 * Holds at most one line that has not ended. A pipe can't be read twice: a second subscription goes on where the first
 * stopped, less what that had read ahead.
 *
 * Closing leaves the stream paused, and so lets the process end though the pipe is still open.
 *
 * @example
 * ```ts
 * const texts = stdin().pipe(map((line) => line.text))
 * ```
 * @throws TidemarkError `invalid-argument` for a bad limit; `input` as the error of the job, when reading fails
 */
export function stdin(options: StdinOptions = {}): Observable<Line> {
  const maxLineBytes = toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, 'stdin: maxLineBytes')
  return defineSource<Line>({
    name: 'stdin',
    open(context) {
      const splitter = new LineSplitter('stdin', maxLineBytes, context.refusals(options.refused))
      const readable = options.readable ?? process.stdin
      return generatedReader((signal) => lineChunks(readableBytes(readable, signal), splitter, 'stdin', signal))
    },
  })
}
