import { canBeCopy, type FileMark, type FilePrint, isLonger } from './file-mark.ts'
import { goneFile } from './gone-file.ts'
import { type OpenFile, Rotations } from './rotations.ts'
import { type FoundFile, Segment, type SegmentSettings } from './segment.ts'
import { gapOf, type TailGap } from './tail-gap.ts'
import type { TailedFile, TailedFiles } from './tailed-files.ts'

/** How files are followed. */
export interface FollowSettings extends SegmentSettings {
  readonly files: TailedFiles
  /** How long a file stays open after the one that took its place, ms. */
  readonly rotateWait: number
  readonly gap: (gap: TailGap) => void
}

/** Files that are remembered when they have been read. */
const mostKnown = 8
/** Files that have been rotated and stay open. */
const mostOpen = 8

/** The files that have a name one after the other. */
export class Succession {
  /** What is to be read, the oldest first; the last one has the name, or had it. */
  readonly segments: Segment[] = []
  /** What has been read, the latest last. */
  known: readonly FilePrint[] = []
  readonly #path: string
  readonly #settings: FollowSettings
  readonly #rotations: Rotations
  /** When what comes next was written to at the earliest, in µs since the epoch, if the last of the segments does not say it. */
  modified: number = Infinity
  /** The id of a file that may have been cut off while nobody looked: what comes before it are copies of it. */
  cutOff = ''

  constructor(path: string, settings: FollowSettings) {
    this.#path = path
    this.#settings = settings
    this.#rotations = new Rotations(settings.files, path)
  }

  /** The file that has the name now, open. */
  async open(): Promise<FoundFile | undefined> {
    const { files } = this.#settings
    const file = await files.open(this.#path)
    if (file === undefined) return undefined
    const { id, modified, born } = await file.status()
    return { file, id, path: (await files.realPath(this.#path)) ?? this.#path, modified, born }
  }

  /**
   * Finds a file that an earlier run has read. Where it has gone, its last line may be left.
   *
   * @param print what has been read of it, which may be more than what has been processed
   */
  async resume(mark: FileMark, print: FilePrint): Promise<Segment | undefined> {
    // What has been written since to a file of which nothing was read is found as what comes next.
    if (print.offset === 0) {
      this.modified = Math.min(this.modified, mark.modified)
      const isStill = await this.#rotations.isStill(mark)
      if (isStill) this.cutOff = mark.id
      if (mark.restBytes === 0) return undefined
      const rest = new Segment(goneFile(mark), this.#settings, mark)
      if (isStill) rest.isContinued = true
      return rest
    }
    const found = await this.#find({ ...mark, ...print })
    this.modified = found === undefined ? mark.modified : Infinity
    const isCutOff = found?.id !== mark.id && (await this.#rotations.isStill(mark))
    if (isCutOff) this.cutOff = mark.id
    if (found === undefined && print.offset > 0) this.#tell(isCutOff ? 'truncated' : 'missing', mark.offset)
    if (found === undefined && (mark.restBytes === 0 || print.offset > mark.offset)) return undefined
    const segment = new Segment(found ?? goneFile(mark), this.#settings, mark)
    if (isCutOff && found !== undefined) segment.isContinued = true
    return segment
  }

  /** Finds what has taken the place of the last file: true if something has. */
  async follow(): Promise<boolean> {
    const { segments } = this
    const last = segments.at(-1)
    const id = (await this.#settings.files.status(this.#path))?.id
    if (id !== undefined && id === last?.id) return false
    const current = await this.open()
    const again = segments.findIndex((segment) => segment.id === current?.id)
    if (current !== undefined && again >= 0) {
      // It has got its name back.
      await current.file.close()
      segments.push(...segments.splice(again, 1))
      return again < segments.length - 1
    }
    const status = await last?.file.status()
    const from = Math.min(status?.modified ?? Infinity, this.modified)
    if (current !== undefined && current.id === this.cutOff) {
      this.cutOff = ''
      this.modified = Infinity
      const segment = new Segment(current, this.#settings).again(from)
      segments.push(segment)
      await this.precede(segment)
      return true
    }
    const between = await this.#since(from, current)
    if (between.length > 0 && (await this.#settings.files.status(this.#path))?.id !== current?.id) {
      // What was found may be newer than it.
      for (const found of [...between, ...(current === undefined ? [] : [current])]) await found.file.close()
      return true
    }
    const wasRemoved = between.length === 0 && status?.isLinked === false
    if (current === undefined && between.length === 0) {
      if (last !== undefined && wasRemoved && !last.hasRest && this.#isQuiet(last)) await this.#release(last)
      return false
    }
    this.modified = Infinity
    if (last !== undefined) last.quietSince = this.#settings.now()
    if (last !== undefined && current !== undefined && wasRemoved && (await isLonger(current.file, last.mark()))) {
      segments.splice(-1, 1, new Segment(current, this.#settings, last.mark()))
      await last.file.close()
      return true
    }
    for (const found of current === undefined ? between : [...between, current]) {
      segments.push(new Segment(found, this.#settings))
    }
    return true
  }

  /** Finds a file again, or a copy of it if it does not hold any more what was read, or holds it once more. */
  async #find(mark: FileMark): Promise<FoundFile | undefined> {
    const found = await this.#rotations.find(mark)
    const copy = found?.id === mark.id ? await this.copyOf(mark, found) : undefined
    if (copy !== undefined) await found?.file.close()
    return copy ?? found
  }

  /** What a file has held, if that was cut off and holds once more what was read of it. */
  async copyOf(mark: FileMark, current: OpenFile): Promise<FoundFile | undefined> {
    return this.#rotations.copyOf(mark, current, this.known, this.segments)
  }

  /**
   * Deals with a file that does not hold any more what was read of it: a copy does, or nobody. False if first the line under
   * way is to be given.
   */
  async replace(segment: Segment, knownCopy?: FoundFile): Promise<boolean> {
    const mark = segment.mark()
    const copy = knownCopy ?? (await this.#rotations.find(mark, segment.id))
    if (copy === undefined && segment.hasRest) return false
    const { copies, modified } = await this.#laterCopies(segment, copy)
    // Of a file of which nothing had been read, any may be the copy.
    const isLost = copy === undefined && (mark.offset > 0 || copies.length === 0)
    if (isLost) this.#tell('truncated', mark.offset)
    if (copy !== undefined) copies.unshift(new Segment(copy, this.#settings, { ...mark, isContinued: true }))
    this.#precede(segment, copies, modified)
    return true
  }

  /** Finds what a file that is read from its start again has held since, if it was cut off once more: true if there is some. */
  async precede(segment: Segment): Promise<boolean> {
    const { copies, modified } = await this.#laterCopies(segment, undefined)
    const [first] = copies
    if (first === undefined) {
      segment.settle(modified)
      return false
    }
    segment.handOver(first)
    this.#precede(segment, copies, modified)
    return true
  }

  /**
   * Lets go of files that others have taken the place of, when nothing is written to them any more. False if first the line
   * under way of the oldest is to be given.
   */
  async retire(): Promise<boolean> {
    const { segments } = this
    for (let [first, next] = segments; first !== undefined && next !== undefined; [first, next] = segments) {
      if (!this.#isQuiet(first) && segments.length <= mostOpen) break
      if (first.hasRest && !first.isContinued) return false
      if (first.hasRest) first.handOver(next)
      await this.#release(first)
    }
    return true
  }

  /** Whether there is something to read in one of these. */
  async hasMore(segments: readonly Segment[]): Promise<boolean> {
    for (const segment of segments) if ((await segment.next())?.length !== 0) return true
    return false
  }

  async close(): Promise<void> {
    for (const { file } of this.segments.splice(0)) await file.close()
  }

  /** Reads a file again from its start, behind what it has held before. */
  #precede(segment: Segment, copies: readonly Segment[], modified: number): void {
    this.segments.splice(this.segments.indexOf(segment), 1, ...copies, segment.again(modified))
  }

  /** What a file has held since it was copied first, up to what it held when it was written to at the time `modified`. */
  async #laterCopies(segment: Segment, copy: FoundFile | undefined): Promise<{ copies: Segment[]; modified: number }> {
    const from = copy?.modified ?? segment.mark().modified
    for (;;) {
      const before = await segment.status()
      const found = await this.#since(from, copy, segment.file)
      const { size, modified } = await segment.status()
      // What is newer than the file itself comes behind it, if that has lost its name.
      const isNamed = (await this.#settings.files.status(this.#path))?.id === segment.id
      const isWhole = size >= before.size
      const copies = isWhole ? found.filter((each) => isNamed || each.modified < modified) : []
      for (const each of found) if (!copies.includes(each)) await each.file.close()
      if (isWhole) {
        return { copies: copies.map((each) => this.#before(segment, each)), modified: before.modified }
      }
    }
  }

  /** What comes before a file: if it is a copy of it, a line may begin there and end here. */
  #before(segment: Segment, found: FoundFile): Segment {
    const earlier = new Segment(found, this.#settings)
    earlier.isContinued = canBeCopy(found, segment.mark())
    return earlier
  }

  #isQuiet({ quietSince }: Segment): boolean {
    return this.#settings.now() >= quietSince + this.#settings.rotateWait
  }

  async #since(modified: number, current: OpenFile | undefined, original?: TailedFile): Promise<FoundFile[]> {
    const open = current === undefined ? this.segments : [...this.segments, current]
    return this.#rotations.since(modified, this.known, open, original)
  }

  async #release(segment: Segment): Promise<void> {
    const { id, offset, head, tail, modified } = segment.mark()
    this.segments.splice(this.segments.indexOf(segment), 1)
    if (this.segments.length === 0) this.modified = modified
    this.known = [...this.known.slice(1 - mostKnown), { id, offset, head, tail }]
    if (segment.file.isDamaged === true) this.#tell('damaged', offset)
    await segment.file.close()
  }

  #tell(reason: TailGap['reason'], offset: number): void {
    this.#settings.gap(gapOf(this.#path, reason, offset))
  }
}
