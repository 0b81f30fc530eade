import { canBeCopy, type FileMark, type FilePrint, hasContent, holdsOther, printBytes, printOf } from './file-mark.ts'
import { type RotatedFile, RotatedFiles } from './rotated-files.ts'
import type { FoundFile } from './segment.ts'
import type { FileStatus, TailedFile, TailedFiles } from './tailed-files.ts'

/** A file that is open, and its device and inode. */
export type OpenFile = Pick<FoundFile, 'file' | 'id'>

/** Finds what a log has been before: the files beside it that it was rotated to. */
export class Rotations {
  readonly #path: string
  readonly #rotated: RotatedFiles

  /** @param path of the log that is written to */
  constructor(files: TailedFiles, path: string) {
    this.#path = path
    this.#rotated = new RotatedFiles(files, path)
  }

  /**
   * Finds a file again: by its id, or its content under another one, such as that of a copy, or compressed.
   *
   * @param not the id of a file that it is not
   */
  async find(mark: FileMark, not?: string): Promise<FoundFile | undefined> {
    // What is cut off while it is looked for has a copy by then.
    return (await this.#find(mark, not)) ?? this.#find(mark, not)
  }

  /**
   * The files that have been the log since, the oldest first.
   *
   * @param modified when the one before them was last written to, in µs since the epoch
   * @param known what has been read
   * @param open files that are none of them
   * @param original what the log holds now, if the files can only be copies of what it held: a copy of that is none of them
   */
  async since(
    modified: number,
    known: readonly FilePrint[],
    open: readonly OpenFile[],
    original?: TailedFile,
  ): Promise<FoundFile[]> {
    const prints = [...known]
    for (const { file, id } of open) {
      // It may have been copied and cut off since: then what it held is in one of those that are looked for.
      if (file === original) continue
      const { size } = await file.status()
      // What is compressed is not compressed once more.
      if (size < Infinity) prints.push(await printOf(file, id, size))
    }
    const ids = open.map(({ id }) => id)
    const candidates = await this.#rotated.find(
      ({ path, status }) => !ids.includes(status.id) && !isOlder(path, status, modified),
    )
    const found: RotatedFile[] = []
    for (const candidate of candidates) {
      // Nothing will ever be in a compressed file that is empty.
      let hasBeenRead = candidate.isCompressed && (await candidate.file.read(0, 1)).length === 0
      for (const print of prints) hasBeenRead ||= await isRead(candidate, print, modified)
      if (original !== undefined && !candidate.isCompressed) hasBeenRead ||= await isPart(candidate.file, original)
      if (!hasBeenRead) found.push(candidate)
    }
    await closeAll(candidates, found)
    return found
  }

  /**
   * Finds what a file has held that still has the name, other than what it holds now, though that begins with what was read
   * of it as well: few bytes are often the same again. Undefined if the file has only grown.
   *
   * @param known what has been read
   * @param open files that are no copies
   */
  async copyOf(
    mark: FileMark,
    current: OpenFile,
    known: readonly FilePrint[],
    open: readonly OpenFile[],
  ): Promise<FoundFile | undefined> {
    const { file } = current
    if ((await file.status()).modified === mark.modified || !(await this.isStill(mark))) return undefined
    let found: FoundFile | undefined
    for (const copy of await this.since(mark.modified, known, [...open, current], file)) {
      const isWanted = found === undefined && canBeCopy(copy, mark)
      if (isWanted && (await holdsOther(copy.file, file, mark))) found = copy
      else await copy.file.close()
    }
    return found
  }

  /** Whether the file that has the name is the one of a mark, whatever is in it. */
  async isStill({ id, born }: FileMark): Promise<boolean> {
    const status = await this.#rotated.files.status(this.#path)
    return status?.id === id && status.born === born
  }

  async #find(mark: FileMark, not: string | undefined): Promise<FoundFile | undefined> {
    const { files } = this.#rotated
    // First, because what loses its name meanwhile is then seen under another.
    const others: RotatedFile[] = []
    for (const path of new Set([this.#path, mark.path])) {
      const status = await files.status(path)
      const other = status && (await this.#rotated.open({ path, status }))
      if (other !== undefined) others.push(other)
    }
    const rotated = await this.#rotated.find(
      ({ path, status }) => status.id === mark.id || !isOlder(path, status, mark.modified),
    )
    const candidates = [...others, ...rotated]
    const found = await this.#choose(candidates, mark, not)
    await closeAll(candidates, found === undefined ? [] : [found])
    return found
  }

  async #choose(
    candidates: readonly RotatedFile[],
    mark: FileMark,
    not: string | undefined,
  ): Promise<RotatedFile | undefined> {
    const same = candidates.find(({ id }) => id === mark.id)
    if (same !== undefined && same.id !== not && (mark.offset === 0 || (await hasContent(same.file, mark)))) return same
    for (const candidate of candidates) {
      if (candidate.id === not) continue
      if (await hasContent(candidate.file, mark)) return candidate
    }
    return undefined
  }
}

/**
 * Whether a file is a copy of what another holds, or will be when it is finished. Of a short one that is not said when the
 * other was written to later, such as when it was cut off: short files are all too alike.
 */
async function isPart(copy: TailedFile, original: TailedFile): Promise<boolean> {
  const { size, modified } = await copy.status()
  if (size === 0) return true
  if (size < printBytes && (await original.status()).modified > modified) return false
  return hasContent(original, await printOf(copy, '', size))
}

/** Whoever compresses a file and keeps its time may round it. */
function isOlder(path: string, { modified }: FileStatus, than: number): boolean {
  return modified < (path.endsWith('.gz') ? than - 1_000 : than)
}

/**
 * Whether a file is one that was read to its end. Under another id it must be the whole of it, and no more than that is
 * asked of one that was written to later, unless it is compressed: short files are all too alike.
 */
async function isRead(candidate: RotatedFile, print: FilePrint, modified: number): Promise<boolean> {
  const { file, id, isCompressed } = candidate
  const isSame = id === print.id
  if (!isSame && candidate.modified > modified && !isCompressed) return false
  if (print.offset > 0 && !(await hasContent(file, print))) return false
  if (isSame && print.offset > 0) return true
  return (isSame || print.offset > 0) && (await file.read(print.offset, 1)).length === 0
}

async function closeAll(candidates: readonly RotatedFile[], kept: readonly FoundFile[]): Promise<void> {
  for (const candidate of candidates) if (!kept.includes(candidate)) await candidate.file.close()
}
