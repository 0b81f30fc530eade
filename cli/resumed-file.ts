import type { Observable } from 'rxjs'
import { FileSink } from '../adapters/file/file-sink.ts'
import { route, type Route } from '../lib/run.ts'
import type { Sink } from '../lib/sink.ts'
import { realFiles } from '../lib/state/files.ts'
import type { SideFile } from './side-file.ts'

/** A file of NDJSON that several outputs of a job with checkpoints write to, each line once. */
export class ResumedFile implements SideFile {
  readonly #file: FileSink<string>
  #isFirst = true
  /** One after the other, because each goes to the end of the file. */
  #last: Promise<unknown> = Promise.resolve()

  constructor(flag: string, path: string) {
    this.#file = new FileSink(`--${flag}`, path, (line) => line, realFiles)
  }

  route<T>(values: Observable<T>, shown: (value: T) => unknown): Route {
    const file = this.#file
    const writer: Sink<T> = {
      name: file.name,
      write: async (values) => await this.#next(() => file.write(values.map((value) => JSON.stringify(shown(value))))),
    }
    if (!this.#isFirst) return route(values, writer)
    this.#isFirst = false
    // The first of them answers for the file.
    return route<T>(values, {
      ...writer,
      writesTo: file.writesTo,
      recover: (receipt) => file.recover(receipt),
      end: async () => await this.#next(() => file.end()),
      prepare: async () => await this.#next(() => file.prepare()),
    })
  }

  async close(): Promise<void> {
    await this.#next(() => this.#file.close())
  }

  #next<R>(step: () => Promise<R>): Promise<R> {
    const done = this.#last.then(step)
    this.#last = done.catch(() => {})
    return done
  }
}
