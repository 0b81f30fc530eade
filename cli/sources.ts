import { availableParallelism } from 'node:os'
import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import type { ParseOptions } from '../adapters/format/parse.ts'
import type { Parser } from '../adapters/format/parser.ts'
import type { Fields } from './field.ts'

/** Where records come from, before it is known how they are parsed. */
export type RecordSource = (parser: Parser<Fields>, options: ParseOptions) => Observable<Fields>

/** Bytes read at once of all files together, and the least of one. */
const readAhead = 256 * 1024
const leastChunk = 16 * 1024

/** Threads that parse beside this one, for all files together, at most. */
const mostThreads = 4

/**
 * Makes a source of each file, so that the job can read them side by side.
 */
export async function openSources(paths: readonly string[], standardInput: Readable): Promise<RecordSource[]> {
  const share = {
    chunkBytes: Math.max(leastChunk, Math.floor(readAhead / paths.length)),
    threads: Math.floor(Math.min(mostThreads, availableParallelism() - 1) / paths.length),
  }
  return await Promise.all(
    paths.map(async (path): Promise<RecordSource> => {
      if (path === '-') return await standardRecords(standardInput)
      const { records } = await import('../adapters/records/records.ts')
      return (parser, options) => records(path, parser, { ...share, ...options })
    }),
  )
}

async function standardRecords(readable: Readable): Promise<RecordSource> {
  const { stdin } = await import('../adapters/stdio/stdin.ts')
  const { parse } = await import('../adapters/format/parse.ts')
  return (parser, options) => stdin({ readable, ...options }).pipe(parse(parser, options))
}
