import { stat } from 'node:fs/promises'
import { TidemarkError } from '../../lib/errors.ts'
import { expandPaths } from '../file/expand-paths.ts'
import { fileBytes } from '../file/file-bytes.ts'
import type { Parser } from '../format/parser.ts'
import type { Line } from '../line/line.ts'
import { LineSplitter } from '../line/line-splitter.ts'
import { type FilePosition, MergedFile } from './merged-file.ts'

/** Files that are read in the same way. */
export interface FileGroup<T> {
  readonly paths: readonly string[]
  readonly parser: (now: () => number) => Parser<T>
  readonly start: ((path: string) => number) | undefined
}

/** What all files are read by. */
export interface MergeSettings<T> {
  readonly groups: readonly FileGroup<T>[]
  readonly timeOf: (record: T) => number
  readonly maxLineBytes: number
  readonly chunkBytes: number
  readonly maxFiles: number
}

interface FoundFile<T> {
  readonly path: string
  readonly id: string
  readonly group: FileGroup<T>
  /** When it was last written to, epoch ms. */
  readonly modified: number
  readonly size: number
}

/** Half a year, but for a day in which clocks may differ. */
const halfYear = 182 * 86_400_000

/**
 * Finds the files that are to be merged, and where to begin in each.
 *
 * @param positions of a run before this one
 * @throws TidemarkError `input` for what can't be found, is twice among them, or is one too many
 */
export async function filesToMerge<T>(
  settings: MergeSettings<T>,
  signal: AbortSignal,
  positions: readonly FilePosition[] | undefined,
): Promise<MergedFile<T>[]> {
  const found = await findFiles(settings)
  const places = positions === undefined ? undefined : placesOf(found, positions)
  const { timeOf, maxLineBytes, chunkBytes } = settings
  const files: MergedFile<T>[] = []
  for (const [order, file] of found.entries()) {
    const { path, id, group } = file
    const place = places === undefined ? startOf(file) : places.get(file)
    // Had it been there before, its records would have come among those that have been processed.
    if (place === undefined) continue
    const from = { ...place, path, id }
    const bytes = fileBytes(path, chunkBytes, signal, from.offset, from.size)
    const head = from.number === 0 ? undefined : await firstLine(path, maxLineBytes, signal)
    files.push(new MergedFile({ bytes, parser: group.parser, head, timeOf, maxLineBytes, from }, order))
  }
  return files
}

function startOf<T>({ path, group, modified, size }: FoundFile<T>): Omit<FilePosition, 'path' | 'id'> {
  // The last date without a year that is not after the last line is less than half a year away.
  return { offset: 0, number: 0, time: group.start?.(path) ?? modified - halfYear, hasEnded: false, size }
}

/** Where to go on in files. Each is known by its id, also under another path, and one that was replaced by a copy by its path. */
function placesOf<T>(
  found: readonly FoundFile<T>[],
  positions: readonly FilePosition[],
): ReadonlyMap<FoundFile<T>, FilePosition> {
  const places = new Map<FoundFile<T>, FilePosition>()
  let left = positions
  for (const name of ['id', 'path'] as const) {
    left = left.filter((position) => {
      const file = found.find((each) => !places.has(each) && each[name] === position[name])
      if (file !== undefined) places.set(file, position)
      return file === undefined
    })
  }
  for (const [{ path, size }, position] of places) {
    if (size >= position.size) continue
    throw inputError(`the ${position.size} bytes of '${path}' that the checkpoint names`, size)
  }
  const [missing] = left
  if (missing !== undefined) throw inputError(`the file that the checkpoint names, '${missing.path}'`, 'none')
  return places
}

async function findFiles<T>({ groups, maxFiles }: MergeSettings<T>): Promise<FoundFile<T>[]> {
  const found: FoundFile<T>[] = []
  const paths = new Set<string>()
  for (const group of groups) {
    for (const path of await expandPaths(group.paths, 'mergedRecords')) {
      if (paths.has(path)) throw inputError('each file once', `'${path}' twice`)
      paths.add(path)
      if (paths.size > maxFiles) throw inputError(`at most ${maxFiles} files (maxFiles)`, 'more')
      const stats = await stat(path)
      if (!stats.isFile()) throw inputError(`a file at '${path}'`, 'something that can be read but once')
      const { ino, birthtimeMs, mtimeMs, size } = stats
      found.push({ path, id: `${ino}-${Math.floor(birthtimeMs)}`, group, modified: Math.floor(mtimeMs), size })
    }
  }
  return found
}

/** Of a file that is not read from its start: what a parser makes of the lines may depend on it. */
async function firstLine(path: string, maxLineBytes: number, signal: AbortSignal): Promise<Line | undefined> {
  const splitter = new LineSplitter(path, maxLineBytes, () => {})
  for await (const bytes of fileBytes(path, headBytes, signal)) {
    const [line] = splitter.push(bytes)
    if (splitter.number > 0) return line
  }
  return undefined
}

const headBytes = 4_096

function inputError(expected: string, got: string | number): TidemarkError {
  return new TidemarkError('input', `mergedRecords: expected ${expected}, got ${got}`)
}
