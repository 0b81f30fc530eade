import type { Chunk } from '../../lib/chunk-source.ts'
import { Bell } from './bell.ts'

/** Lets a job wait for chunks of what is pushed from outside. */
export class PushedChunks<T> {
  readonly #next: () => Chunk<T> | undefined
  readonly #isEmpty: () => boolean
  readonly #change = new Bell()
  #end: { readonly failure?: unknown } | undefined

  /**
   * @param next takes the next chunk, if there is one
   * @param isEmpty whether nothing that is there already may give one; asked when the end has come
   */
  constructor(next: () => Chunk<T> | undefined, isEmpty: () => boolean = () => true) {
    this.#next = next
    this.#isEmpty = isEmpty
  }

  /** Nothing new comes. */
  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  /** There may be a chunk, or nothing left. */
  readonly changed = (): void => this.#change.ring()

  /** Nothing new comes any more; the job gets what is there, and then the error, if one is given. The first end counts. */
  end(end: { readonly failure?: unknown } = {}): void {
    this.#end ??= end
    this.changed()
  }

  read(): Chunk<T> | undefined | Promise<Chunk<T> | undefined> {
    return this.#next() ?? this.#later()
  }

  async #later(): Promise<Chunk<T> | undefined> {
    for (;;) {
      const chunk = this.#next()
      if (chunk !== undefined) return chunk
      if (this.#end !== undefined && this.#isEmpty()) {
        if ('failure' in this.#end) throw this.#end.failure
        return undefined
      }
      await this.#change.rung()
    }
  }
}
