import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import { Bell } from '../line/bell.ts'

/** Gives one value after the other, each later. */
export interface Pull<T> {
  next(): Promise<IteratorResult<T, unknown>>
  /**
   * Called before the end, and once.
   *
   * @param isBusy a `next` has not answered
   */
  close(isBusy: boolean): void | Promise<void>
}

/**
 * Makes chunks of what comes one by one: each is what has come while the job worked on the one before, so that a value that
 * has to be waited for does not wait for others, and no turn of the job is spent on each of many that are there at once.
 */
export class PullingReader<T> implements ChunkReader<T> {
  readonly #pull: Pull<T>
  readonly #most: number
  readonly #change = new Bell()
  #values: T[] = []
  #isBusy = false
  #isFilling = false
  #isOver = false
  #failure: { readonly error: unknown } | undefined

  /** @param most values a chunk */
  constructor(pull: Pull<T>, most: number) {
    this.#pull = pull
    this.#most = most
  }

  async read(): Promise<Chunk<T> | undefined> {
    void this.#fill()
    while (this.#values.length === 0 && !this.#isOver) await this.#change.rung()
    const values = this.#values
    if (values.length > 0) {
      this.#values = []
      void this.#fill()
      return { values }
    }
    if (this.#failure !== undefined) throw this.#failure.error
    return undefined
  }

  async close(): Promise<void> {
    if (this.#isOver) return
    this.#isOver = true
    this.#change.ring()
    await this.#pull.close(this.#isBusy)
  }

  async #fill(): Promise<void> {
    if (this.#isFilling) return
    this.#isFilling = true
    while (!this.#isOver && this.#values.length < this.#most) await this.#next()
    this.#isFilling = false
  }

  async #next(): Promise<void> {
    this.#isBusy = true
    try {
      const next = await this.#pull.next()
      if (next.done === true) this.#isOver = true
      else this.#values.push(next.value)
    } catch (error) {
      this.#isOver = true
      this.#failure = { error }
    }
    this.#isBusy = false
    this.#change.ring()
  }
}
