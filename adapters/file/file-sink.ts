import { dirname, resolve } from 'node:path'
import { TidemarkError } from '../../lib/errors.ts'
import type { Sink } from '../../lib/sink.ts'
import { type Files, hasCode, type OpenFile } from '../../lib/state/files.ts'
import { textOf } from '../line/text-of.ts'

/**
 * Writes lines to the end of a file. Its receipt is the length of the file in bytes. Holds a descriptor, and nothing else.
 */
export class FileSink<T> implements Sink<T> {
  readonly name: string
  readonly writesTo: string
  readonly #path: string
  readonly #format: (value: T) => string
  readonly #files: Files
  #file: OpenFile | undefined
  #bytes = 0
  #isDurable = false

  constructor(name: string, path: string, format: (value: T) => string, files: Files) {
    this.name = `${name}(${path})`
    this.writesTo = resolve(path)
    this.#path = path
    this.#format = format
    this.#files = files
  }

  async recover(receipt: unknown): Promise<void> {
    await this.#open(receipt as number | undefined)
  }

  async write(values: readonly T[]): Promise<void> {
    const bytes = Buffer.from(textOf(values, this.#format, this.name))
    const file = this.#file ?? (await this.#open(undefined))
    await file.write(bytes, this.#bytes)
    this.#bytes += bytes.length
    this.#isDurable = false
  }

  async end(): Promise<void> {
    await this.prepare()
  }

  async prepare(): Promise<number> {
    const file = this.#file ?? (await this.#open(undefined))
    if (!this.#isDurable) await file.sync()
    this.#isDurable = true
    return this.#bytes
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  /** @param receipt bytes that are there; undefined if the file is not the job's yet */
  async #open(receipt: number | undefined): Promise<OpenFile> {
    const file = await this.#opened(receipt)
    this.#file = file
    const bytes = await file.size()
    if (receipt === undefined && bytes > 0) {
      throw this.#refusal('no file, or an empty one', `one of ${bytes} bytes that no checkpoint of the job knows`)
    }
    this.#bytes = receipt ?? 0
    if (bytes < this.#bytes) throw this.#refusal(`the ${receipt} bytes of the checkpoint`, bytes)
    if (bytes > this.#bytes) await file.truncate(this.#bytes)
    return file
  }

  async #opened(receipt: number | undefined): Promise<OpenFile> {
    try {
      return await this.#files.open(this.#path, 'update')
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error
      if (receipt !== undefined) throw this.#refusal(`the ${receipt} bytes of the checkpoint`, 'no file')
    }
    const file = await this.#files.open(this.#path, 'create')
    // What is in a file is of no use without its name.
    await this.#files.syncFolder(dirname(this.#path))
    return file
  }

  #refusal(expected: string, got: string | number): TidemarkError {
    return new TidemarkError('output', `${this.name}: expected ${expected}, got ${got}`, { operator: this.name })
  }
}
