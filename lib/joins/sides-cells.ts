import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import { Changes, type SavedCell } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'

/** What is kept of a key in a window, as far as checkpoints are concerned. */
export interface NumberedCell extends SavedCell {
  /** In the order in which they came. */
  readonly number: number
  isGone: boolean
}

/** How cells that have a number are written down, in plain data. */
export interface NumberedCodec<C extends NumberedCell> {
  all(): Iterable<C>
  save(cell: C): unknown
  /** Takes a cell back; in the order of their numbers. */
  load(number: number, saved: unknown): void
}

/** Windows of keys as checkpoints see them, each under its number. */
export class SidesCells<C extends NumberedCell> implements SavedPart {
  readonly #codec: NumberedCodec<C>
  readonly #changes: Changes<C> | undefined
  readonly #back: (readonly [number, unknown])[] = []

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(codec: NumberedCodec<C>, dirty: DirtyCells | undefined) {
    this.#codec = codec
    this.#changes = dirty && new Changes(dirty)
  }

  /** Notes that a cell has changed, come or gone. */
  note(cell: C): void {
    this.#changes?.note(cell)
  }

  save(write: (key: unknown, cell: unknown) => void, which: 'changed' | 'all'): void {
    if (which === 'all') for (const cell of this.#codec.all()) write(cell.number, this.#codec.save(cell))
    else this.#changes?.take((cell) => write(cell.number, cell.isGone ? undefined : this.#codec.save(cell)))
  }

  load(number: unknown, saved: unknown): void {
    this.#back.push([number as number, saved])
  }

  loaded(): void {
    for (const [number, saved] of this.#back.toSorted(([a], [b]) => a - b)) this.#codec.load(number, saved)
    this.#back.length = 0
  }
}
