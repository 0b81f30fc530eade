import { encode } from '../state/codec.ts'
import type { WriteCell } from '../state/state-store.ts'

/** One of so many is looked at. */
const each = 64

/** How large cells are that are written, by a sample. */
export class CellSizes {
  #seen = 0
  #sampled = 0
  #bytes = 0

  /** In bytes, of key and value; NaN if there was none. */
  get average(): number {
    return this.#bytes / this.#sampled
  }

  /** What writes cells as `write` does, and looks at some of them. */
  of(write: WriteCell): WriteCell {
    return (table, key, value) => {
      write(table, key, value)
      if (this.#seen++ % each !== 0) return
      this.#sampled += 1
      this.#bytes += encode(key).length + encode(value).length
    }
  }
}
