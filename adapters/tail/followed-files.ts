import { basename, dirname } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import type { Split } from '../../lib/split.ts'
import type { Line } from '../line/line.ts'
import { anything, Changes, folderOf } from './changes.ts'
import { FollowedFile, type FollowedPosition, type PieceRange } from './followed-file.ts'
import { isRotatedName } from './rotated-name.ts'
import type { FollowSettings } from './succession.ts'

/** How far all files have been read. Plain data, for checkpoints. */
export interface TailPosition {
  readonly files: readonly FollowedPosition[]
  /** What is to be read first. */
  readonly piece?: PieceRange & { readonly path: string }
}

/** How files are followed, and which. */
export interface TailSettings extends Omit<FollowSettings, 'source' | 'now'> {
  /** A file, or a glob. */
  readonly path: string
  readonly from: 'start' | 'end'
  /** ms */
  readonly poll: number
  readonly isWatching: boolean
  /** ms */
  readonly lineTimeout: number
  readonly clock: Clock
}

/** Lines of one of the files, and where to begin to get them once more. */
export interface TailedLines {
  readonly lines: readonly Line[]
  readonly split: Split
  readonly position: TailPosition
}

/** A file is followed from now on, or no more. */
export interface SplitChange {
  readonly split: Split
  readonly isLast: boolean
}

/** The files of a path or a glob, followed by their names. Each has its turn when it may have changed. */
export class FollowedFiles {
  readonly #settings: TailSettings
  readonly #followed = new Map<string, FollowedFile>()
  /** Those that may have more. */
  readonly #due = new Set<FollowedFile>()
  readonly #changes: Changes
  /** The one that is being read. */
  #reading: FollowedFile | undefined
  readonly #splits = new WeakMap<FollowedFile, Split>()
  #splitChanges: SplitChange[] = []

  constructor(settings: TailSettings) {
    const { files, clock, poll, isWatching } = settings
    this.#settings = settings
    this.#changes = new Changes(files, clock, poll, isWatching)
  }

  /** Begins with what is there. */
  async start(): Promise<void> {
    for (const path of await this.#paths()) {
      const id = (await this.#settings.files.status(path))?.id
      // One that has several names is followed under the first.
      const isNew = id === undefined || this.#holderOf(id) === undefined
      if (isNew) await this.#add(path).start(this.#settings.from)
    }
  }

  /**
   * Goes on where an earlier run has come to.
   *
   * @returns the lines that are to be read first; none if they can't be had again
   */
  async resume({ files, piece }: TailPosition): Promise<readonly Line[] | undefined> {
    let lines: readonly Line[] | undefined
    for (const position of files) {
      const isFirst = piece?.path === position.path
      const read = await this.#add(position.path).resume(position, isFirst ? piece : undefined)
      if (isFirst) lines = read
    }
    return lines
  }

  /** What has come and gone since it was asked last. */
  takeSplitChanges(): readonly SplitChange[] {
    const changes = this.#splitChanges
    this.#splitChanges = []
    return changes
  }

  /** The split of a file that is followed. */
  splitOf(path: string): Split | undefined {
    const file = this.#followed.get(path)
    return file && this.#splits.get(file)
  }

  /** How far all have been read. */
  get position(): readonly FollowedPosition[] {
    return [...this.#followed.values()].map(({ position }) => position)
  }

  /** The next lines of a file that has some, in turn; undefined if none has. */
  async next(): Promise<TailedLines | undefined> {
    await this.#see()
    for (const file of this.#due) {
      this.#due.delete(file)
      this.#reading = file
      const piece = (await file.next()) ?? file.cut()
      this.#reading = undefined
      if (piece === undefined) {
        if (file.isFinal) await this.#drop(file)
        continue
      }
      // It may have more, when it is its turn again.
      this.#due.add(file)
      const { lines, from, ...range } = piece
      const files = [...this.#followed.values()].map((each) => (each === file ? from : each.position))
      return { lines, split: this.#splitFor(file), position: { files, piece: { path: file.path, ...range } } }
    }
    return undefined
  }

  /** Resolves when there may be more, or when `signal` is aborted. */
  async changed(signal: AbortSignal): Promise<void> {
    const deadlines = [...this.#followed.values()].map(({ deadline }) => deadline)
    await this.#changes.next(Math.min(...deadlines), signal)
  }

  async close(): Promise<void> {
    this.#changes.close()
    for (const file of this.#followed.values()) await file.close()
  }

  /** Marks what may have changed. */
  async #see(): Promise<void> {
    const { clock } = this.#settings
    const changes = this.#changes.take()
    if (changes.has(anything)) await this.#find()
    for (const file of this.#followed.values()) {
      const isConcerned = changes.has(anything) || [...changes].some((path) => file.isAt(path))
      if (isConcerned || file.deadline <= clock.now()) this.#due.add(file)
    }
  }

  /** Looks which files there are. */
  async #find(): Promise<void> {
    const paths = await this.#paths()
    for (const path of paths) if (!this.#followed.has(path)) await this.#follow(path)
    for (const [path, file] of this.#followed) {
      if (paths.includes(path)) continue
      // Its place is in the succession of another.
      if (paths.some((log) => isRotated(path, log))) file.isFinal = true
      if (file.isGone) await this.#drop(file)
    }
    const folders = [...this.#followed.values()].flatMap((file) => file.folders)
    await this.#changes.watch(new Set([folderOf(this.#settings.path), ...folders]))
  }

  async #paths(): Promise<readonly string[]> {
    const { path, files } = this.#settings
    if (!isGlob(path)) return [path]
    const paths = await files.glob(path)
    const logs = new Set([...paths, ...this.#followed.keys()])
    return paths.filter((each) => ![...logs].some((log) => isRotated(each, log)))
  }

  /** A file that is being read already under a name it had before is read on from there. */
  async #follow(path: string): Promise<void> {
    const id = (await this.#settings.files.status(path))?.id
    if (id === undefined && isGlob(this.#settings.path)) return
    const holder = this.#holderOf(id)
    if (holder === undefined) {
      this.#add(path)
      return
    }
    // It has several names.
    if ((await this.#settings.files.status(holder.path))?.id === id) return
    this.#add(path).adopt(holder, id)
  }

  #holderOf(id: string | undefined): FollowedFile | undefined {
    return [...this.#followed.values()].find((file) => file.holds(id))
  }

  #add(path: string): FollowedFile {
    const { clock, lineTimeout, ...settings } = this.#settings
    const file = new FollowedFile(path, lineTimeout, { ...settings, source: path, now: () => clock.now() })
    this.#followed.set(path, file)
    this.#splitChanges.push({ split: this.#splitFor(file), isLast: false })
    return file
  }

  #splitFor(file: FollowedFile): Split {
    let split = this.#splits.get(file)
    if (split === undefined) {
      split = { id: file.path, isWaiting: () => this.#due.has(file) || this.#reading === file }
      this.#splits.set(file, split)
    }
    return split
  }

  async #drop(file: FollowedFile): Promise<void> {
    this.#followed.delete(file.path)
    this.#due.delete(file)
    this.#splitChanges.push({ split: this.#splitFor(file), isLast: true })
    await file.close()
  }
}

/** Whether a path has characters in it that mean something in a glob. */
function isGlob(path: string): boolean {
  return /[*?[\]{}]/.test(path)
}

function isRotated(path: string, log: string): boolean {
  return path !== log && dirname(path) === dirname(log) && isRotatedName(basename(path), basename(log))
}
