import { Readable, type ReadableOptions } from 'node:stream'
import { JobOutput } from './job-output.ts'
import type { PulledJob } from './pulled-job.ts'

/** The results of a job as a Node stream. The job starts when the stream is read, and stops when it is destroyed. */
export class JobReadable<T> extends Readable {
  readonly output: JobOutput<T>

  constructor(job: PulledJob<T>, options: ReadableOptions) {
    super(options)
    this.output = new JobOutput(this, job)
  }

  override pipe<D extends NodeJS.WritableStream>(destination: D, options?: { end?: boolean }): D {
    this.output.addDestination(destination)
    return super.pipe(destination, options)
  }

  override _read(): void {
    void this.output.pull()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.output.stop(error, callback)
  }
}
