import type { Observable } from 'rxjs'
import type { DeadLetter } from '../line/dead-letter.ts'
import type { Chunk } from '../../lib/chunk-source.ts'
import { messageOf, show, TidemarkError } from '../../lib/errors.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { defineValueOperator } from '../../lib/wiring/value-operator.ts'
import { lines, type LinesOptions } from '../file/lines.ts'
import { plainSize } from '../file/plain-size.ts'
import { parse, type ParseOptions, refusal } from '../format/parse.ts'
import type { Parser, ParserRecipe } from '../format/parser.ts'
import { toByteCount } from '../line/byte-count.ts'
import { generatedReader } from '../line/generated-reader.ts'
import type { LinePosition } from '../line/line-chunks.ts'
import { defaultMaxLineBytes } from '../line/line-splitter.ts'
import { canStart, TaskThread, usualThreads } from '../threads/task-thread.ts'
import { ThreadPool } from '../threads/thread-pool.ts'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'
import { ColumnReader } from './columns.ts'
import { hasKernels } from './kernel.ts'
import { blockParser } from './parse-block.ts'

/** Options of `records`. */
export interface RecordsOptions extends LinesOptions, ParseOptions {
  /**
   * Threads that read and parse beside this one: one for each core but its own, at most 4, unless given; 0 for none. Small and
   * compressed files, and parsers that can't be made anew in a thread, are left to this one in any case.
   */
  readonly threads?: number
  /**
   * Bytes that are read and parsed in one go where there are threads, 1 MiB unless given, and else `chunkBytes`. A file of a few of them is
   * small.
   */
  readonly blockBytes?: number
}

/** Records of a block, in order, and what became none. */
interface BlockRecords<T> extends Omit<ParsedBlock, 'columns'> {
  readonly records: readonly T[]
}

/** A line that did not parse, in the place where its record would be. */
class Bad {
  readonly line: DeadLetter

  constructor(line: DeadLetter) {
    this.line = line
  }
}

/** Starting threads costs as much as parsing so many blocks. */
const fewBlocks = 16

/**
 * Reads and parses a file: the same records, bad and refused lines as `lines(path).pipe(parse(parser))`, in the same order and
 * with the same counts, several times as fast where the parser is one of `combined`, `common` and `json` with `fields`, and on other cores
 * where the file is large. Of a plain file, what was there when it was opened is read.
 *
 * Holds a block's records, the columns of four blocks for each thread, and 65,536 different texts of each field, give or take a block's. The
 * threads end with the file.
 *
 * @throws TidemarkError `invalid-argument` for bad limits; `input` and `unparsable` as the error of the job, as `lines` and
 *   `parse`
 * @example
 * ```ts
 * const hits = records('access.log', combined({ fields: ['host', 'time'] }))
 * ```
 */
export function records<T>(path: string, parser: Parser<T>, options: RecordsOptions = {}): Observable<T> {
  const { recipe } = parser
  const threads = options.threads ?? usualThreads()
  const blockBytes = toByteCount(options.blockBytes ?? 2 ** 20, 'records: blockBytes')
  if (!Number.isSafeInteger(threads) || threads < 0) {
    throw new TidemarkError('invalid-argument', `records: threads must be a whole number >= 0, got ${show(threads)}`)
  }
  const size = recipe === undefined ? 0 : plainSize(path)
  if (recipe === undefined || size === 0 || !hasKernels()) return lines(path, options).pipe(parse(parser, options))
  const isLarge = threads > 0 && canStart && size > fewBlocks * blockBytes
  const chunkBytes = toByteCount(options.chunkBytes ?? 2 ** 18, 'records: chunkBytes')
  const source = parsedBlocks<T>(path, recipe, {
    ...options,
    ...(isLarge ? { threads, blockBytes } : { threads: 0, blockBytes: chunkBytes }),
  })
  return defineValueOperator<T | Bad, T>(source, {
    name: 'parse',
    id: options.id,
    create(context) {
      const refuse = refusal(context, parser.name, options)
      return (record) => {
        if (record instanceof Bad) refuse(record.line)
        else context.emit(record)
      }
    },
  })
}

function parsedBlocks<T>(
  path: string,
  recipe: ParserRecipe,
  options: RecordsOptions & { readonly threads: number; readonly blockBytes: number },
): Observable<T | Bad> {
  const maxLineBytes = toByteCount(options.maxLineBytes ?? defaultMaxLineBytes, 'records: maxLineBytes')
  return defineSource<T | Bad>({
    name: `lines(${path})`,
    open(context, position) {
      const { offset, number } = (position ?? { offset: 0, number: 0 }) as LinePosition
      const refuse = context.refusals<DeadLetter>(options.refused)
      // Before anything else: a thread takes as long to start as a few blocks take to parse.
      const settings: BlockSettings = { recipe, maxLineBytes }
      const threads = Array.from({ length: options.threads }, startThread)
      const pool = new ThreadPool(threads, settings, () => recordsOf<T>(recipe))
      const blocks = blocksOf(path, offset, plainSize(path), options.blockBytes)
      async function* chunks(): AsyncGenerator<Chunk<T | Bad>> {
        let before = number
        try {
          for await (const { result: block } of pool.run(blocks, blockParser(settings))) {
            for (const line of block.refused) refuse({ ...line, number: before + line.number })
            const values = inOrder(block, before)
            // As `lines` says it, because the next run may read without threads.
            const position: LinePosition = { source: path, offset: block.offset, number: before }
            if (values.length > 0) yield { values, position }
            before += block.lines
          }
        } catch (error) {
          throw new TidemarkError(
            'input',
            `lines: expected to read on in '${path}' behind line ${before}, got ${messageOf(error)}`,
            { cause: error },
          )
        } finally {
          await pool.close()
        }
      }
      return generatedReader(chunks, () => pool.close())
    },
  })
}

function startThread(): TaskThread<BlockSettings, Block, ParsedBlock> {
  return new TaskThread(new URL('./record-worker.js', import.meta.url))
}

/** Makes what makes records of the columns of one thread. */
function recordsOf<T>({ kinds }: ParserRecipe): (parsed: ParsedBlock) => BlockRecords<T> {
  const reader = new ColumnReader<T>(kinds)
  return ({ columns, ...rest }) => ({ ...rest, records: reader.read(columns) })
}

function blocksOf(path: string, from: number, size: number, blockBytes: number): readonly Block[] {
  const blocks: Block[] = []
  for (let start = from; start < size; start += blockBytes) {
    blocks.push({ path, start, end: Math.min(size, start + blockBytes) })
  }
  return blocks
}

/** Puts the bad lines where they stood among the records. */
function inOrder<T>({ records: good, bad }: BlockRecords<T>, linesBefore: number): readonly (T | Bad)[] {
  if (bad.length === 0) return good
  const all: (T | Bad)[] = []
  let row = 0
  for (const { row: at, ...line } of bad) {
    while (row < at) all.push(good[row++] as T)
    all.push(new Bad({ ...line, number: linesBefore + line.number }))
  }
  while (row < good.length) all.push(good[row++] as T)
  return all
}
