import { dirname, join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import { Bell } from '../line/bell.ts'
import type { TailedFiles } from './tailed-files.ts'

/** In place of a path: something, nobody knows what. */
export const anything = ''

interface Watch {
  /** The folder it is of: another may have taken its name. */
  readonly id: string
  readonly end: () => void
}

/** Says when it is worth looking at files again: when the file system says so, and every so often because it may forget to. */
export class Changes {
  readonly #files: TailedFiles
  readonly #clock: Clock
  readonly #poll: number
  readonly #isWatching: boolean
  readonly #watches = new Map<string, Watch>()
  readonly #bell = new Bell()
  #pending = new Set([anything])
  /** When to look at everything again, epoch ms. */
  #pollAt: number

  /** @param poll ms */
  constructor(files: TailedFiles, clock: Clock, poll: number, isWatching: boolean) {
    this.#files = files
    this.#clock = clock
    this.#poll = poll
    this.#isWatching = isWatching
    this.#pollAt = clock.now() + poll
  }

  /** The paths of what may have changed since this was asked last, or `anything`. */
  take(): ReadonlySet<string> {
    const pending = this.#pending
    this.#pending = new Set()
    if (this.#clock.now() >= this.#pollAt) pending.add(anything)
    if (pending.has(anything)) this.#pollAt = this.#clock.now() + this.#poll
    return pending
  }

  /** Watches these folders, and no others. */
  async watch(folders: ReadonlySet<string>): Promise<void> {
    if (!this.#isWatching) return
    for (const folder of this.#watches.keys()) if (!folders.has(folder)) this.#end(folder)
    for (const folder of folders) {
      const id = (await this.#files.status(folder))?.id
      if (this.#watches.get(folder)?.id === id) continue
      this.#end(folder)
      if (id === undefined) continue
      const end = this.#files.watch(folder, (name, isOfNames) => this.#changed(folder, name, isOfNames))
      if (end !== undefined) this.#watches.set(folder, { id, end })
      // Before it was watched.
      this.#add(anything)
    }
  }

  /** Resolves when something has changed, at `deadline` (epoch ms), or when `signal` is aborted. */
  async next(deadline: number, signal: AbortSignal): Promise<void> {
    const cancel = this.#clock.at(Math.min(deadline, this.#pollAt), this.#bell.ring)
    signal.addEventListener('abort', this.#bell.ring)
    if (this.#pending.size === 0 && !signal.aborted) await this.#bell.rung()
    signal.removeEventListener('abort', this.#bell.ring)
    cancel()
  }

  close(): void {
    for (const folder of this.#watches.keys()) this.#end(folder)
  }

  #changed(folder: string, name: string | undefined, isOfNames: boolean): void {
    this.#add(name === undefined || isOfNames ? anything : join(folder, name))
  }

  #add(path: string): void {
    this.#pending.add(path)
    this.#bell.ring()
  }

  #end(folder: string): void {
    this.#watches.get(folder)?.end()
    this.#watches.delete(folder)
  }
}

/** The folder that all files of a glob are in. */
export function folderOf(glob: string): string {
  const parts = glob.split('/')
  const first = parts.findIndex((part) => /[*?[\]{}]/.test(part))
  return dirname(join(...parts.slice(0, first), 'file'))
}
