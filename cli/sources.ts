import { availableParallelism } from 'node:os'
import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import { parse, type ParseOptions } from '../adapters/format/parse.ts'
import type { Parser } from '../adapters/format/parser.ts'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import { records } from '../adapters/records/records.ts'
import type { VirtualClock } from '../lib/clock.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import type { Fields } from './field.ts'
import type { Input } from './inputs.ts'
import { lineSource } from './line-source.ts'

/** Where records come from, before it is known how they are parsed. */
export type RecordSource = (parser: Parser<Fields>, options: RecordOptions) => Observable<Fields>

/** What becomes of what is no record. */
export interface RecordOptions extends ParseOptions {
  readonly refused: SideOutput<DeadLetter>
}

/** How records lie in an input. */
export interface RecordLayout {
  /** Matches the first line of a record; `undefined` where each line is one. */
  readonly multiline: RegExp | undefined
  /** Threads that parse beside this one, for all inputs together, at most. */
  readonly threads?: number
  /** Is moved on by a recording. */
  readonly replayClock?: VirtualClock | undefined
}

/** Bytes read at once of all files together, and the least of one. */
const readAhead = 256 * 1024
const leastChunk = 16 * 1024

/** Unless given. */
const mostThreads = 4

/**
 * Makes a source of each input, so that the job can read them side by side.
 *
 * @param say shows a line to the user
 */
export async function openSources(
  inputs: readonly Input[],
  { multiline, threads: most = mostThreads, replayClock: clock }: RecordLayout,
  standardInput: Readable,
  say: (text: string) => void,
): Promise<RecordSource[]> {
  const chunkBytes = Math.max(leastChunk, Math.floor(readAhead / inputs.length))
  const threads = Math.floor(Math.min(most, availableParallelism() - 1) / inputs.length)
  return await Promise.all(
    inputs.map(async (input): Promise<RecordSource> => {
      if (input.kind === 'file' && multiline === undefined) {
        return (parser, options) => records(input.path, parser, { chunkBytes, threads, ...options })
      }
      const lines = await lineSource(input, { standardInput, chunkBytes, clock, say })
      if (multiline === undefined) return (parser, options) => lines(options.refused).pipe(parse(parser, options))
      const grouped = (await import('../adapters/format/multiline.ts')).multiline
      return (parser, options) => {
        const { refused } = options
        return lines(refused).pipe(grouped({ start: multiline, refused }), parse(parser, options))
      }
    }),
  )
}
