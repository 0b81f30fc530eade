import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import type { Observable } from 'rxjs'
import { TextSink } from '../adapters/stdio/text-sink.ts'
import { messageOf, TidemarkError } from '../lib/errors.ts'
import { route, type Route } from '../lib/run.ts'
import type { Sink } from '../lib/sink.ts'
import type { SideFile } from './side-file.ts'

/** A file that several outputs of a job write to. */
export class OutputFile implements SideFile {
  readonly #path: string
  readonly #stream: WriteStream

  private constructor(path: string, stream: WriteStream) {
    this.#path = path
    this.#stream = stream
  }

  /**
   * Creates a file, or empties it.
   *
   * @param flag that named it, for the error
   * @throws TidemarkError `output` when that can't be done
   */
  static async create(flag: string, path: string): Promise<OutputFile> {
    const stream = createWriteStream(path)
    try {
      await once(stream, 'open')
    } catch (error) {
      throw new TidemarkError('output', `--${flag}: expected a file to write to, got ${messageOf(error)}`, {
        cause: error,
      })
    }
    return new OutputFile(path, stream)
  }

  /** Leads an output into the file, each value as the JSON of what `shown` makes of it. */
  route<T>(values: Observable<T>, shown: (value: T) => unknown): Route {
    return route(
      values,
      this.sink((value) => JSON.stringify(shown(value))),
    )
  }

  /** Makes a sink that writes values as lines to the file. */
  sink<T>(format: (value: T) => string): Sink<T> {
    return new TextSink<T>(this.#path, this.#stream, format)
  }

  /** Closes the file when all has been written. One that has failed is closed already. */
  async close(): Promise<void> {
    if (this.#stream.errored !== null) return
    this.#stream.end()
    await once(this.#stream, 'close')
  }
}
