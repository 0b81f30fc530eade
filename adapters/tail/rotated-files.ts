import { basename, dirname, join } from 'node:path'
import { GunzippedFile, isGzipped } from './gunzipped-file.ts'
import { isRotatedName } from './rotated-name.ts'
import type { FoundFile } from './segment.ts'
import type { FileStatus, TailedFiles } from './tailed-files.ts'

/** How often a folder is looked at again because its names change meanwhile. */
const mostLooks = 1_000

/** A name and what has it. */
export interface NamedFile {
  readonly path: string
  readonly status: FileStatus
}

/** A file that a log may have been rotated to, open. */
export interface RotatedFile extends FoundFile {
  readonly isCompressed: boolean
}

/** The files beside a log that have the name of one it was rotated to. */
export class RotatedFiles {
  readonly files: TailedFiles
  readonly #path: string

  constructor(files: TailedFiles, path: string) {
    this.files = files
    this.#path = path
  }

  /** Opens those that are wanted, the oldest first. */
  async find(isWanted: (named: NamedFile) => boolean): Promise<RotatedFile[]> {
    for (let looks = 1; ; looks++) {
      const named = await this.#settled()
      // A file may have several names.
      const ids = named.map(({ status }) => status.id)
      const wanted = named.filter((each, i) => ids.indexOf(each.status.id) === i && isWanted(each))
      const found: RotatedFile[] = []
      for (const each of wanted) {
        const opened = await this.open(each)
        if (opened !== undefined) found.push(opened)
      }
      if (found.length === wanted.length || looks === mostLooks) return found.toSorted(byAge)
      for (const { file } of found) await file.close()
    }
  }

  /** Opens a file, unless another has got its name. */
  async open({ path, status: { id } }: NamedFile): Promise<RotatedFile | undefined> {
    const opened = await this.files.open(path)
    if (opened === undefined) return undefined
    const status = await opened.status()
    if (status.id !== id) {
      await opened.close()
      return undefined
    }
    const isCompressed = isRotatedName(basename(path), basename(this.#path)) && (await isGzipped(opened))
    const file = isCompressed ? new GunzippedFile(opened) : opened
    return { file, id, path, modified: status.modified, born: status.born, isCompressed }
  }

  /** While names are being changed, a file may be seen under two of them, or under none. */
  async #settled(): Promise<readonly NamedFile[]> {
    let before = await this.#look()
    for (let looks = 1; ; looks++) {
      const named = await this.#look()
      const isSettled = named.map(nameAndId).join('\n') === before.map(nameAndId).join('\n')
      if (isSettled || looks === mostLooks) return named
      before = named
    }
  }

  async #look(): Promise<NamedFile[]> {
    const folder = dirname(this.#path)
    const names = (await this.files.list(folder)).filter((name) => isRotatedName(name, basename(this.#path))).toSorted()
    // Of one that is being compressed, what there is of that is not the whole.
    const whole = names.filter((name) => !name.endsWith('.gz') || !names.includes(name.slice(0, -3)))
    const found = whole.map(async (name) => {
      const path = join(folder, name)
      return { path, status: await this.files.status(path) }
    })
    const named: NamedFile[] = []
    for (const { path, status } of await Promise.all(found)) if (status !== undefined) named.push({ path, status })
    return named
  }
}

function nameAndId({ path, status }: NamedFile): string {
  return `${status.id} ${path}`
}

/** Of files written to last within one tick of the clock, the one with the larger number is the older, and with the smaller date. */
function byAge(a: RotatedFile, b: RotatedFile): number {
  if (a.modified !== b.modified) return a.modified - b.modified
  return numberOf(b.path) - numberOf(a.path) || (a.path < b.path ? -1 : 1)
}

/** Of `app.log.3.gz`; 0 for a date. */
function numberOf(path: string): number {
  const [, digits = ''] = /[-._](\d{1,5})(?:\.[^\d/]*)?$/.exec(path) ?? []
  return Number(digits)
}
