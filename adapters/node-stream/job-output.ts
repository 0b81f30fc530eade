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
      if (batch === undefined) stream.push(null)
      else this.#push(batch)
    } catch (error) {
      stream.destroy(error as Error)
    }
  }

  /** More than the stream has asked for, but no more than a batch; it asks again when it has given that away. */
  #push(batch: readonly T[]): void {
    const stream = this.#stream
    for (let i = 0; i < batch.length; i++) {
      const value = batch[i]
      if (value === null) throw nullError(this.#job.name)
      stream.push(value)
    }
  }

  /** Ends the job, as the stream has been destroyed, and calls back when its sources are closed. */
  async stop(error: Error | null, callback: (error?: Error | null) => void): Promise<void> {
    this.#isStopped = true
    let reason = error
    try {
      await this.#job.stop()
    } catch (failure) {
      reason ??= failure as Error
    }
    // What listeners throw is theirs.
    process.nextTick(callback, reason)
  }

  addDestination(destination: NodeJS.WritableStream): void {
    this.#destinations.add(destination)
  }

  /** Calls back when all results have left, and what they were piped into has written them. */
  whenWritten(callback: () => void): void {
    this.#stream.once('end', () => void this.#awaitDestinations(callback))
  }

  async #awaitDestinations(callback: () => void): Promise<void> {
    // By then all of them have been told of the end.
    await Promise.resolve()
    await Promise.all([...this.#destinations].filter(isEnding).map(isOver))
    callback()
  }
}

function isOver(destination: Destination): Promise<void> {
  return new Promise((resolve) => finished(destination, { readable: false }, () => resolve()))
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
