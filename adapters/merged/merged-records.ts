import type { Observable } from 'rxjs'
import { show, TidemarkError } from '../../lib/errors.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { defineValueOperator } from '../../lib/wiring/value-operator.ts'
import { type ParseOptions, refusal } from '../format/parse.ts'
import type { Parser } from '../format/parser.ts'
import { toByteCount } from '../line/byte-count.ts'
import { generatedReader } from '../line/generated-reader.ts'
import { defaultMaxLineBytes } from '../line/line-splitter.ts'
import type { FileGroup } from './files-to-merge.ts'
import { mergedChunks } from './merged-chunks.ts'
import type { FilePosition } from './merged-file.ts'
import { Refusal } from './refusal.ts'

/** Files that are read in the same way: of one format, and with times of one zone. */
export interface MergedFiles<T> {
  /** Of files, or globs of `*?[]{}`. */
  readonly paths: string | readonly string[]
  /**
   * Makes records of the lines. A function makes a parser for each file, from which it can ask for the time of the record before: by that
   * `syslog` tells the year of times without one, also where the file goes on over new year.
   */
  readonly parser: Parser<T> | ((now: () => number) => Parser<T>)
  /**
   * What `now` says in front of the first record of a file, epoch ms: when the file begins, to half a year. Unless given, that is told by when the file was
   * last written to: a file is taken to begin less than a year before that.
   */
  readonly start?: number | ((path: string) => number)
}

/** Options of `mergedRecords`. */
export interface MergedRecordsOptions extends ParseOptions {
  /** Longest line, without its ending; a longer one is skipped and counted as refused. 1 MiB unless said otherwise. */
  readonly maxLineBytes?: number
  /** Bytes of a file read at once; two such pieces of each file are held. 64 KiB unless said otherwise. */
  readonly chunkBytes?: number
  /** The most files, of which each has a descriptor open until it has been read. 256 unless said otherwise. */
  readonly maxFiles?: number
}

/**
 * Reads files all together, and merges their records by event time, those of one time in the order of the files. What each has in
 * ascending order so comes out in ascending order. Where a file has a record at a later place than its time says, so has the
 * output, and not by more: events of several files are out of order by no more than those of each.
 *
 * So one watermark holds for all of them, and a `boundedOutOfOrderness` that is right for each file is right for the whole.
 *
 * What is there when it begins is read, and no file or line that comes later. In a job with checkpoints each record counts once. A file is
 * known by its inode, whatever its path is by then, or else by its path.
 *
 * Holds for each file a descriptor until its end, two pieces of `chunkBytes`, one record, and one line that has not ended.
 *
 * A line that does not parse, is too long, or whose record has no time is counted as refused, and handed to `refused` in its place.
 *
 * @param files in the order that decides between equal times; those of a glob in the order of their names
 * @param timeOf the event time of a record, whole milliseconds since the epoch
 * @throws TidemarkError `invalid-argument` for a bad limit or no files at all; as the error of the job `input` for files that are missing or can't be
 *   read on, are too many, or no files; `callback` when `timeOf` throws; `unparsable` if `strict`
 * @see `lines` to read files one after the other
 * @example
 * ```ts
 * const messages = mergedRecords(
 *   [
 *     { paths: 'berlin/*.log', parser: (now) => syslog({ zone: 'Europe/Berlin', now }) },
 *     { paths: 'tokyo/*.log.gz', parser: (now) => syslog({ zone: 'Asia/Tokyo', now }) },
 *   ],
 *   (message) => message.time,
 * ).pipe(assignTimestamps((message) => message.time, monotonous()))
 * ```
 */
export function mergedRecords<T>(
  files: MergedFiles<T> | readonly MergedFiles<T>[],
  timeOf: (record: T) => number,
  options: MergedRecordsOptions = {},
): Observable<T> {
  const groups = [files].flat().map(toGroup)
  const paths = groups.flatMap((group) => group.paths)
  const [first] = paths
  if (first === undefined) {
    throw new TidemarkError('invalid-argument', 'mergedRecords: expected at least one path, got none')
  }
  const settings = {
    groups,
    timeOf,
    maxLineBytes: toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, 'mergedRecords: maxLineBytes'),
    chunkBytes: toByteCount(options.chunkBytes ?? 64 * 1024, 'mergedRecords: chunkBytes'),
    maxFiles: options.maxFiles ?? 256,
  }
  if (!Number.isSafeInteger(settings.maxFiles) || settings.maxFiles <= 0) {
    throw new TidemarkError(
      'invalid-argument',
      `mergedRecords: maxFiles must be a whole number > 0, got ${show(options.maxFiles)}`,
    )
  }
  const source = defineSource<T | Refusal>({
    name: `mergedRecords(${paths.length === 1 ? first : `${first} and ${paths.length - 1} more`})`,
    open: (_, position) =>
      generatedReader((signal) => mergedChunks(settings, signal, position as readonly FilePosition[] | undefined)),
  })
  return defineValueOperator<T | Refusal, T>(source, {
    name: 'mergedRecords',
    id: options.id,
    create(context) {
      const refuse = refusal(context, 'the parser', options)
      return (record) => {
        if (record instanceof Refusal) refuse(record.letter)
        else context.emit(record)
      }
    },
  })
}

function toGroup<T>({ paths, parser, start }: MergedFiles<T>): FileGroup<T> {
  return {
    paths: typeof paths === 'string' ? [paths] : [...paths],
    parser: typeof parser === 'function' ? parser : () => parser,
    start: typeof start === 'number' ? () => start : start,
  }
}
