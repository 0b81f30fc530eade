import { finished, type Readable } from 'node:stream'
import { TidemarkError } from '../../lib/errors.ts'
import type { PulledJob } from './pulled-job.ts'

type Destination = NodeJS.WritableStream & { readonly writableEnded?: boolean; readonly destroyed?: boolean }

/** Hands the results of a job to the readable side of a stream. */
export class JobOutput<T> {
  readonly #stream: Readable
  readonly #job: PulledJob<T>
  #isStopped = false
  readonly #destinations = new Set<Destination>()

  constructor(stream: Readable, job: PulledJob<T>) {
    this.#stream = stream
    this.#job = job
  }

  /** Takes the next results. A failure of the job destroys the stream. */
  async pull(): Promise<void> {
    const stream = this.#stream
    try {
      const batch = await this.#job.next()
      if (this.#isStopped) return
      if (batch === undefined) {
        stream.push(null)
        return
      }
      // More than the stream has asked for, but no more than a batch; it asks again when it has given that away.
      for (let i = 0; i < batch.length && !this.#isStopped; i++) {
        const value = batch[i]
        if (value === null) throw nullError(this.#job.name)
        stream.push(value)
      }
    } catch (error) {
      stream.destroy(error as Error)
    }
  }

  /** Ends the job, as the stream has been destroyed. */
  stop(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#isStopped = true
    this.#job.stop().then(
      () => callback(error),
      (failure: Error) => callback(error ?? failure),
    )
  }

  addDestination(destination: NodeJS.WritableStream): void {
    this.#destinations.add(destination)
  }

  /** Calls back when all results have left, and what they were piped into has written them. */
  whenWritten(callback: () => void): void {
    this.#stream.once('end', () => {
      // Only then have all been told of the end.
      process.nextTick(() => {
        const open = [...this.#destinations].filter(isEnding)
        let count = open.length
        if (count === 0) callback()
        for (const destination of open) finished(destination, { readable: false }, () => --count === 0 && callback())
      })
    })
  }
}

/** Has been told of its end. One that goes on, as `process.stdout` does, can't be waited for. */
function isEnding(destination: Destination): boolean {
  return destination.writableEnded === true && destination.destroyed !== true
}

function nullError(name: string): TidemarkError {
  return new TidemarkError('output', `${name}: expected values, got null, which is the end of a Node stream`, {
    operator: name,
  })
}
