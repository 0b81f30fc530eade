import type { Chunk, ChunkReader } from '../../lib/chunk-source.ts'
import { Bell } from '../line/bell.ts'

/** What is written to a stream, as a source. What was taken is acknowledged, and nothing else. */
export class WrittenValues<T> implements ChunkReader<T> {
  readonly #change = new Bell()
  #values: readonly T[] | undefined
  #onTaken: () => void = () => {}
  #isEnded = false
  #isDiscarding = false

  /** @param onTaken says that the next may be written */
  put(values: readonly T[], onTaken: () => void): void {
    if (this.#isDiscarding) {
      onTaken()
      return
    }
    this.#values = values
    this.#onTaken = onTaken
    this.#change.ring()
  }

  end(): void {
    this.#isEnded = true
    this.#change.ring()
  }

  /** Takes whatever is written, for nothing. */
  discard(): void {
    this.#isDiscarding = true
    this.#take()
  }

  read(): Chunk<T> | undefined | Promise<Chunk<T> | undefined> {
    return this.#values === undefined && !this.#isEnded ? this.#later() : this.#take()
  }

  close(): void {}

  async #later(): Promise<Chunk<T> | undefined> {
    while (this.#values === undefined && !this.#isEnded) await this.#change.rung()
    return this.#take()
  }

  #take(): Chunk<T> | undefined {
    const values = this.#values
    if (values === undefined) return undefined
    this.#values = undefined
    // Which may put the next.
    this.#onTaken()
    return { values }
  }
}
