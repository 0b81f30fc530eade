import { join } from 'node:path'
import { TidemarkError } from '../errors.ts'
import { type Files, hasCode, type OpenFile } from './files.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'
import { FrameWriter, header, headerBytes, version, versionOf } from './log-format.ts'
import { readLog } from './log-reader.ts'
import type { Owner } from './owner.ts'
import type { Commit, Recovered, StateStore } from './state-store.ts'
import { orFail } from './store-failure.ts'

/** Validated. */
export interface LogSettings {
  readonly growth: number
  readonly leastBytes: number
  readonly onDamage: (message: string) => void
  readonly frameBytes: number
  readonly takeOver: boolean
}

/** The file that is written to. It has its name since it holds a whole commit. */
interface Segment {
  readonly file: OpenFile
  readonly number: number
  /** Commits in it. */
  commits: number
  /** Up to the end of the last commit. */
  bytes: number
  /** What was live when it was written anew. */
  readonly liveBytes: number
  readonly isDamaged: boolean
}

const segmentName = /^state-(\d+)\.log$/
/** What a store may leave behind when it is made, before its first commit. */
const passing = /^(lock|lock\..*|state-\d+\.log\.tmp)$/

/** A log of changes in a folder. */
export class LogFolder implements StateStore {
  readonly #folder: string
  readonly #files: Files
  readonly #owner: Owner
  readonly #settings: LogSettings
  #lock: FolderLock | undefined
  #segment: Segment | undefined
  /** Takes back what is left of a commit that failed. Nothing is written before it has succeeded. */
  #undo: (() => Promise<void>) | undefined

  constructor(folder: string, files: Files, owner: Owner, settings: LogSettings) {
    this.#folder = folder
    this.#files = files
    this.#owner = owner
    this.#settings = settings
  }

  async open(): Promise<Recovered | undefined> {
    return orFail(`logStore: can't open '${this.#folder}'`, async () => {
      await this.#files.makeFolder(this.#folder)
      this.#lock = await lockFolder(this.#folder, this.#files, this.#owner, 'logStore', this.#settings.takeOver)
      try {
        return await this.#recover()
      } catch (error) {
        await this.close()
        throw error
      }
    })
  }

  async commit(commit: Commit): Promise<void> {
    const what = `logStore: commit ${commit.epoch} to '${this.#folder}' failed`
    const lock = this.#lock
    if (lock === undefined) throw new TidemarkError('checkpoint', `${what}: the store is not open`)
    await orFail(`${what}, the one before is intact`, async () => {
      await lock.verify()
      await this.#takeBack()
      try {
        const segment = this.#segment
        if (segment === undefined || this.#isDue(segment)) await this.#writeAnew(commit, segment)
        else await this.#append(commit, segment)
      } catch (error) {
        await this.#takeBackIfPossible()
        throw error
      }
    })
  }

  async close(): Promise<void> {
    const [segment, lock] = [this.#segment, this.#lock]
    this.#segment = undefined
    this.#lock = undefined
    this.#undo = undefined
    await segment?.file.close()
    await lock?.release()
  }

  #isDue({ bytes, liveBytes, isDamaged }: Segment): boolean {
    const { growth, leastBytes } = this.#settings
    return isDamaged || bytes > Math.max(leastBytes, growth * liveBytes)
  }

  async #append(commit: Commit, segment: Segment): Promise<void> {
    const { file } = segment
    this.#undo = async () => {
      await file.truncate(segment.bytes)
      await file.sync()
    }
    const frames = new FrameWriter(segment.commits + 1, this.#settings.frameBytes)
    commit.changes(frames.write)
    const bytes = await writeAll(file, segment.bytes, frames.finished(commit))
    await file.sync()
    this.#undo = undefined
    segment.bytes = bytes
    segment.commits += 1
  }

  /** What it writes gets its name, and thereby counts, when it is durable. */
  async #writeAnew(commit: Commit, old: Segment | undefined): Promise<void> {
    const number = (old?.number ?? 0) + 1
    const path = this.#pathOf(number)
    const aside = `${path}.tmp`
    let file: OpenFile | undefined
    this.#undo = async () => {
      const open = file
      file = undefined
      await open?.close()
      await this.#removeIfThere(aside)
      await this.#removeIfThere(path)
      await this.#files.syncFolder(this.#folder)
    }
    file = await this.#files.open(aside, 'create')
    await file.write(header(), 0)
    const frames = new FrameWriter(1, this.#settings.frameBytes)
    commit.all(frames.write)
    const bytes = await writeAll(file, headerBytes, frames.finished(commit))
    await file.sync()
    await this.#files.rename(aside, path)
    await this.#files.syncFolder(this.#folder)
    this.#undo = undefined
    this.#segment = { file, number, commits: 1, bytes, liveBytes: bytes, isDamaged: false }
    if (old !== undefined) await this.#retire(old)
  }

  /** The commit is done: what fails here is left for the next `open`. */
  async #retire({ file, number, isDamaged }: Segment): Promise<void> {
    const path = this.#pathOf(number)
    try {
      await file.close()
      await (isDamaged ? this.#files.rename(path, `${path}.damaged`) : this.#files.remove(path))
    } catch (error) {
      if (!isSystemError(error)) throw error
    }
  }

  async #takeBack(): Promise<void> {
    await this.#undo?.()
    this.#undo = undefined
  }

  async #takeBackIfPossible(): Promise<void> {
    try {
      await this.#takeBack()
    } catch (error) {
      // The next commit tries again. What made the commit fail says more.
      if (!isSystemError(error)) throw error
    }
  }

  /** The newest segment counts: it got its name when it held all there was. Those before it, and unnamed ones, are left over. */
  async #recover(): Promise<Recovered | undefined> {
    const names = await this.#files.list(this.#folder)
    const numbers = names
      .flatMap((name) => segmentName.exec(name)?.[1] ?? [])
      .map(Number)
      .sort((a, b) => a - b)
    const newest = numbers.pop()
    if (newest === undefined) {
      const foreign = names.find((name) => !passing.test(name))
      if (foreign !== undefined)
        throw this.#unusable(`an empty folder or the log of a job`, `a folder with '${foreign}' in it`)
    }
    const recovered = newest === undefined ? undefined : await this.#read(newest)
    for (const number of numbers) await this.#files.remove(this.#pathOf(number))
    for (const name of names) if (name.endsWith('.log.tmp')) await this.#files.remove(join(this.#folder, name))
    return recovered
  }

  async #read(number: number): Promise<Recovered> {
    const path = this.#pathOf(number)
    const file = await this.#files.open(path, 'update')
    try {
      const found = versionOf(await file.read(0, headerBytes))
      if (found === undefined) throw this.#unusable('the log of a job', `something else in '${path}'`)
      if (found !== version) throw this.#unusable(`a log of version ${version}`, `one of version ${found} in '${path}'`)
      const { recovered, commits, wholeBytes, bytes, liveBytes, isDamaged } = await readLog(file)
      if (recovered === undefined) {
        throw this.#unusable(
          'a log with a commit',
          `'${path}', which is damaged so that none is whole; remove it to begin anew`,
        )
      }
      if (isDamaged) {
        this.#settings.onDamage(
          `logStore: '${path}' is damaged behind byte ${wholeBytes} of ${bytes}: later commits are lost, the job goes on from commit ${recovered.epoch}; the file is kept as '${path}.damaged'`,
        )
      } else if (bytes > wholeBytes) {
        await file.truncate(wholeBytes)
        // Before anything is written there, so that no frame of what was broken off can come back among new ones.
        await file.sync()
      }
      this.#segment = { file, number, commits, bytes: wholeBytes, liveBytes, isDamaged }
      return recovered
    } catch (error) {
      await file.close()
      throw error
    }
  }

  #pathOf(number: number): string {
    return join(this.#folder, `state-${number}.log`)
  }

  async #removeIfThere(path: string): Promise<void> {
    try {
      await this.#files.remove(path)
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
    }
  }

  #unusable(expected: string, got: string): TidemarkError {
    return new TidemarkError('checkpoint', `logStore: expected ${expected}, got ${got} ('${this.#folder}')`)
  }
}

/** @returns where it ends */
async function writeAll(file: OpenFile, from: number, frames: readonly Buffer[]): Promise<number> {
  let position = from
  for (const frame of frames) {
    await file.write(frame, position)
    position += frame.length
  }
  return position
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
