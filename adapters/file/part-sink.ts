import { join, resolve } from 'node:path'
import { TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import type { Files, OpenFile } from '../../lib/state/files.ts'
import { textOf } from '../line/text-of.ts'

/** Validated. */
export interface PartSettings<T> {
  readonly format: (value: T) => string
  readonly extension: string
  readonly maxBytes: number
}

/** The part that is being written. */
interface Part {
  readonly file: OpenFile
  bytes: number
}

const unpublished = '.tmp'

/** Writes lines to the parts of a folder. Its receipt is how many parts there are. */
export class PartSink<T> implements Sink<T> {
  readonly name: string
  readonly writesTo: string
  readonly #folder: string
  readonly #settings: PartSettings<T>
  readonly #files: Files
  #isOpen = false
  /** Checkpoints say when a part gets its name. */
  #isSaved = false
  #part: Part | undefined
  /** Parts that were begun, and those of them that have their name; numbers begin at 1. */
  #begun = 0
  #published = 0

  constructor(folder: string, settings: PartSettings<T>, files: Files) {
    this.name = `partFiles(${folder})`
    this.writesTo = resolve(folder)
    this.#folder = folder
    this.#settings = settings
    this.#files = files
  }

  async recover(receipt: unknown): Promise<void> {
    this.#isSaved = true
    await this.#open(receipt as number | undefined)
  }

  async write(values: readonly T[]): Promise<void> {
    const { format, maxBytes } = this.#settings
    const bytes = Buffer.from(textOf(values, format, this.name))
    const part = (this.#part ??= await this.#begin())
    await part.file.write(bytes, part.bytes)
    part.bytes += bytes.length
    if (part.bytes >= maxBytes) await this.#finish()
  }

  async end(): Promise<void> {
    await this.#finish()
  }

  /** Also the names that parts have until they are published are durable. */
  async prepare(): Promise<number> {
    await this.#finish()
    if (this.#published < this.#begun) await this.#files.syncFolder(this.#folder)
    return this.#begun
  }

  async commit(): Promise<void> {
    await this.#publish()
  }

  async close(): Promise<void> {
    await this.#part?.file.close()
    this.#part = undefined
  }

  async #begin(): Promise<Part> {
    if (!this.#isOpen) await this.#open(undefined)
    const file = await this.#files.open(this.#pathOf(this.#begun + 1) + unpublished, 'create')
    this.#begun += 1
    return { file, bytes: 0 }
  }

  async #finish(): Promise<void> {
    const file = this.#part?.file
    if (file === undefined) return
    await file.sync()
    this.#part = undefined
    await file.close()
    if (!this.#isSaved) await this.#publish()
  }

  async #publish(): Promise<void> {
    if (this.#published === this.#begun) return
    while (this.#published < this.#begun) {
      const path = this.#pathOf(this.#published + 1)
      await this.#files.rename(path + unpublished, path)
      this.#published += 1
    }
    await this.#files.syncFolder(this.#folder)
  }

  /** @param receipt parts of which the checkpoint knows; undefined if there is none */
  async #open(receipt: number | undefined): Promise<void> {
    await this.#files.makeFolder(this.#folder)
    for (const name of await this.#files.list(this.#folder)) {
      const number = this.#numberOf(name)
      if (number === undefined) continue
      if (receipt === undefined) throw this.#refusal(name)
      const path = join(this.#folder, name)
      if (number > receipt) await this.#files.remove(path)
      else if (name.endsWith(unpublished)) await this.#files.rename(path, this.#pathOf(number))
    }
    await this.#files.syncFolder(this.#folder)
    this.#begun = this.#published = receipt ?? 0
    this.#isOpen = true
  }

  #pathOf(number: number): string {
    return join(this.#folder, `part-${String(number).padStart(8, '0')}${this.#settings.extension}`)
  }

  /** The number of the part that has a name; undefined for another file. */
  #numberOf(name: string): number | undefined {
    const [, digits, rest] = /^part-(\d{8,})(.*)$/s.exec(name) ?? []
    const { extension } = this.#settings
    return rest === extension || rest === extension + unpublished ? Number(digits) : undefined
  }

  #refusal(name: string): TidemarkError {
    return new TidemarkError(
      'output',
      `${this.name}: expected a folder without parts, got one with '${name}' that no checkpoint of the job knows`,
      { operator: this.name },
    )
  }
}
