import { Duplex, type DuplexOptions } from 'node:stream'
import { JobOutput } from './job-output.ts'
import type { PulledJob } from './pulled-job.ts'
import type { WrittenValues } from './written-values.ts'

interface Written {
  readonly chunk: unknown
}

/** A job as a Node stream: what is written is its input, what is read its results. */
export class JobDuplex extends Duplex {
  readonly #input: WrittenValues<unknown>
  readonly #output: JobOutput<unknown>

  constructor(input: WrittenValues<unknown>, job: PulledJob<unknown>, options: DuplexOptions) {
    super(options)
    this.#input = input
    this.#output = new JobOutput(this, job)
    this.#output.whenWritten(() => this.#leave())
  }

  override pipe<D extends NodeJS.WritableStream>(destination: D, options?: { end?: boolean }): D {
    this.#output.addDestination(destination)
    return super.pipe(destination, options)
  }

  override _write(chunk: unknown, _encoding: BufferEncoding, callback: () => void): void {
    this.#input.put([chunk], callback)
  }

  override _writev(chunks: readonly Written[], callback: () => void): void {
    this.#input.put(
      chunks.map(({ chunk }) => chunk),
      callback,
    )
  }

  override _final(callback: () => void): void {
    this.#input.end()
    callback()
  }

  override _read(): void {
    void this.#output.pull()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.#output.stop(error, callback)
  }

  /** Nothing more comes out, so nothing more is needed. */
  #leave(): void {
    // What has been written to its end makes a good end; otherwise whoever writes has to be stopped.
    if (this.writableEnded) this.#input.discard()
    else this.destroy()
  }
}
