import type { Chunk } from '../../lib/chunk-source.ts'
import { messageOf, TidemarkError } from '../../lib/errors.ts'
import type { Split } from '../../lib/split.ts'
import type { Line } from './line.ts'
import type { LineSplitter } from './line-splitter.ts'

/**
 * Turns the bytes of one source into chunks of lines: all that end in the bytes at hand leave together. Holds what
 * `splitter` holds.
 *
 * @param who names the reader in errors
 * @param isReplayable the bytes can be read again: chunks say where they begin
 * @param split that they are; it is closed at the end
 * @throws TidemarkError `input` when the bytes can't be read on, after the lines before that; the reason of `signal`
 */
export async function* lineChunks(
  bytes: AsyncIterable<Buffer>,
  splitter: LineSplitter,
  who: string,
  signal: AbortSignal,
  { isReplayable = false, split }: { readonly isReplayable?: boolean; readonly split?: Split } = {},
): AsyncGenerator<Chunk<Line>> {
  for await (const piece of located(bytes, splitter, who)) {
    // Nobody else stops reading while no line ends.
    signal.throwIfAborted()
    const position = positionOf(splitter)
    const values = splitter.push(piece)
    if (values.length > 0) yield { values, ...(isReplayable && { position }), ...(split && { split }) }
  }
  const position = positionOf(splitter)
  const values = splitter.end()
  if (values.length === 0 && split === undefined) return
  yield { values, ...(isReplayable && { position }), ...(split && { split, isLast: true }) }
}

/** Where in a source lines begin. */
export interface LinePosition {
  readonly source: string
  /** Bytes before the line, as they are read: those of a compressed file decompressed. */
  readonly offset: number
  /** Lines before it. */
  readonly number: number
}

function positionOf({ source, lineOffset, number }: LineSplitter): LinePosition {
  return { source, offset: lineOffset, number }
}

async function* located(bytes: AsyncIterable<Buffer>, splitter: LineSplitter, who: string): AsyncGenerator<Buffer> {
  try {
    yield* bytes
  } catch (error) {
    throw readingError(error, splitter, who)
  }
}

/** Says of an error how far the source was read. */
export function readingError(error: unknown, { source, number, offset }: LineSplitter, who: string): TidemarkError {
  return new TidemarkError(
    'input',
    `${who}: expected to read on in '${source}' behind line ${number} (byte ${offset}), got ${messageOf(error)}`,
    { cause: error },
  )
}
