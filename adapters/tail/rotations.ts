import { basename, dirname, join } from 'node:path'
import { type FileMark, type FilePrint, hasContent, printOf } from './file-mark.ts'
import { GunzippedFile, isGzipped } from './gunzipped-file.ts'
import { isRotatedName } from './rotated-name.ts'
import type { FoundFile } from './segment.ts'
import type { TailedFile, TailedFiles } from './tailed-files.ts'

/** How often a folder is looked at again because its names changed meanwhile. */
const mostLooks = 10

interface Candidate extends FoundFile {
  readonly isCompressed: boolean
}

/** Finds what a log has been before: the files beside it that it was rotated to. */
export class Rotations {
  readonly #files: TailedFiles
  readonly #path: string

  /** @param path of the log that is written to */
  constructor(files: TailedFiles, path: string) {
    this.#files = files
    this.#path = path
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
   * @param open ids of files that are open
   * @param original what the log holds now, if the files can only be copies of what it held: a copy of that is none of them
   */
  async since(
    modified: number,
    known: readonly FilePrint[],
    open: readonly string[],
    original?: TailedFile,
  ): Promise<FoundFile[]> {
    const candidates = await this.#candidates([])
    const found: Candidate[] = []
    for (const candidate of candidates) {
      if (open.includes(candidate.id) || isOlder(candidate, modified)) continue
      // Nothing will ever be in a compressed file that is empty.
      let hasBeenRead = candidate.isCompressed && (await candidate.file.read(0, 1)).length === 0
      for (const print of known) hasBeenRead ||= await isRead(candidate, print, modified)
      if (original !== undefined && !candidate.isCompressed) hasBeenRead ||= await isPart(candidate.file, original)
      if (!hasBeenRead) found.push(candidate)
    }
    await closeAll(candidates, found)
    return found
  }

  async #find(mark: FileMark, not: string | undefined): Promise<FoundFile | undefined> {
    const candidates = await this.#candidates([this.#path, mark.path])
    const found = await this.#choose(candidates, mark, not)
    await closeAll(candidates, found === undefined ? [] : [found])
    return found
  }

  async #choose(
    candidates: readonly Candidate[],
    mark: FileMark,
    not: string | undefined,
  ): Promise<Candidate | undefined> {
    const same = candidates.find(({ id }) => id === mark.id)
    if (same !== undefined && same.id !== not && (mark.offset === 0 || (await hasContent(same.file, mark)))) return same
    for (const candidate of candidates) {
      if (candidate.id === not || isOlder(candidate, mark.modified)) continue
      if (await hasContent(candidate.file, mark)) return candidate
    }
    return undefined
  }

  /** The files that the log was rotated to, open, the oldest first, behind those at some other paths. */
  async #candidates(paths: readonly string[]): Promise<Candidate[]> {
    const folder = dirname(this.#path)
    // First, because what loses its name meanwhile is then seen under another.
    const others: Candidate[] = []
    for (const path of new Set(paths)) await this.#add(others, path)
    for (let looks = 1; ; looks++) {
      const before = await this.#rotated()
      const rotated: Candidate[] = []
      // Of one that is being compressed, what there is of that is not the whole.
      const whole = before.filter((name) => !name.endsWith('.gz') || !before.includes(name.slice(0, -3)))
      for (const name of whole) await this.#add(rotated, join(folder, name))
      // While names are being changed, a file may be seen under two of them, or under none.
      const after = await this.#rotated()
      const areAll = rotated.length === whole.length && before.join('/') === after.join('/')
      const isSettled = looks === mostLooks || (areAll && (await this.#areStill(rotated)))
      if (isSettled) return [...others, ...rotated.toSorted(byAge)]
      await closeAll(rotated, [])
    }
  }

  async #rotated(): Promise<string[]> {
    const names = await this.#files.list(dirname(this.#path))
    return names.filter((name) => isRotatedName(name, basename(this.#path))).toSorted()
  }

  async #areStill(candidates: readonly Candidate[]): Promise<boolean> {
    const ids = new Set(candidates.map(({ id }) => id))
    if (ids.size < candidates.length) return false
    for (const { path, id } of candidates) if ((await this.#files.identify(path)) !== id) return false
    return true
  }

  async #add(candidates: Candidate[], path: string): Promise<void> {
    const opened = await this.#files.open(path)
    if (opened === undefined) return
    const { id, modified, born } = await opened.status()
    const isCompressed = isRotatedName(basename(path), basename(this.#path)) && (await isGzipped(opened))
    const file = isCompressed ? new GunzippedFile(opened) : opened
    candidates.push({ file, id, path, modified, born, isCompressed })
  }
}

/** Whether a file is a copy of another, or will be when it is finished. */
async function isPart(copy: TailedFile, original: TailedFile): Promise<boolean> {
  const { size } = await copy.status()
  return size === 0 || hasContent(original, await printOf(copy, '', size))
}

/** Whoever compresses a file and keeps its time may round it. */
function isOlder({ modified, isCompressed }: Candidate, than: number): boolean {
  return modified < (isCompressed ? than - 1_000 : than)
}

/**
 * Whether a file is one that was read to its end. Under another id it must be the whole of it, and no more than that is
 * asked of one that was written to later, unless it is compressed: short files are all too alike.
 */
async function isRead(candidate: Candidate, print: FilePrint, modified: number): Promise<boolean> {
  const { file, id, isCompressed } = candidate
  const isSame = id === print.id
  if (!isSame && candidate.modified > modified && !isCompressed) return false
  if (print.offset > 0 && !(await hasContent(file, print))) return false
  if (isSame && print.offset > 0) return true
  return (isSame || print.offset > 0) && (await file.read(print.offset, 1)).length === 0
}

/** Of files written to last within one tick of the clock, the one with the larger number is the older, and with the smaller date. */
function byAge(a: Candidate, b: Candidate): number {
  if (a.modified !== b.modified) return a.modified - b.modified
  return numberOf(b.path) - numberOf(a.path) || (a.path < b.path ? -1 : 1)
}

/** Of `app.log.3.gz`; 0 for a date. */
function numberOf(path: string): number {
  const [, digits = ''] = /[-._](\d{1,5})(?:\.[^\d/]*)?$/.exec(path) ?? []
  return Number(digits)
}

async function closeAll(candidates: readonly Candidate[], kept: readonly FoundFile[]): Promise<void> {
  for (const candidate of candidates) if (!kept.includes(candidate)) await candidate.file.close()
}
