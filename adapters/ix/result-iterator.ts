import type { PulledJob } from '../node-stream/pulled-job.ts'

/** Goes through the results of a job one by one. */
export class ResultIterator<T> implements AsyncIterableIterator<T> {
  readonly #job: PulledJob<T>
  #batch: readonly T[] = []
  #next = 0
  /** Calls that have not been answered, each of which waits for the one before. */
  #waiting = 0
  #last: Promise<unknown> = Promise.resolve()
  #isOver = false

  constructor(job: PulledJob<T>) {
    this.#job = job
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T, undefined>> {
    if (this.#waiting === 0 && this.#next < this.#batch.length) return Promise.resolve(this.#take())
    this.#waiting += 1
    const answer = this.#last.then(() => this.#advance()).finally(() => (this.#waiting -= 1))
    this.#last = answer.catch(() => {})
    return answer
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    this.#isOver = true
    this.#batch = []
    await this.#job.stop()
    return { done: true, value: undefined }
  }

  async #advance(): Promise<IteratorResult<T, undefined>> {
    while (this.#next >= this.#batch.length) {
      const batch = this.#isOver ? undefined : await this.#job.next()
      if (batch === undefined) return { done: true, value: undefined }
      this.#batch = batch
      this.#next = 0
    }
    return this.#take()
  }

  #take(): IteratorResult<T, undefined> {
    return { done: false, value: this.#batch[this.#next++] as T }
  }
}
