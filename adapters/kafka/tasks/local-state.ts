import { rm } from 'node:fs/promises'
import { decode } from '../../../lib/state/codec.ts'
import type { Recovered, StateStore } from '../../../lib/state/state-store.ts'
import { type CellBytes, cellBytes, cellName, type ChangelogHead } from './changelog.ts'
import { RestoredState } from './restored-state.ts'

/** A change of a cell; without a value it is gone. */
export type CellChange = readonly [table: string, key: unknown, value: unknown]

/** ms. Half of the time for which a changelog keeps what says that something is gone. */
const maxAge = 12 * 3_600_000

/** Where a copy of a task's state is kept on the machine, and what keeps it there. */
export interface LocalStore {
  readonly folder: string
  readonly open: () => StateStore
}

/**
 * A copy of a task's state in a folder of the process: so that of the changelog only what has come since has to be read, and state may be larger
 * than memory, if the store is for that. What counts is the changelog: a copy that can't be brought up to date is thrown away.
 */
export class LocalState {
  readonly #local: LocalStore
  #store: StateStore
  /** All cells, where the store does not give them one by one. */
  #cells: RestoredState | undefined
  /** Where the changelog goes on. */
  next: number

  private constructor(local: LocalStore, store: StateStore, next: number) {
    this.#local = local
    this.#store = store
    this.#cells = store.reader === undefined ? new RestoredState() : undefined
    this.next = next
  }

  /**
   * Opens the copy.
   *
   * @param start where the changelog begins by now
   * @param now epoch ms
   */
  static async open(local: LocalStore, start: number, now: number): Promise<LocalState> {
    const store = local.open()
    const recovered = await store.open()
    if (recovered === undefined) return new LocalState(local, store, start)
    const { next, time } = readMeta(recovered.meta)
    if (next >= start && now - time <= maxAge) {
      const state = new LocalState(local, store, next)
      state.#load(recovered)
      return state
    }
    await store.close()
    await rm(local.folder, { recursive: true })
    const fresh = local.open()
    await fresh.open()
    return new LocalState(local, fresh, start)
  }

  /** Takes a commit of the changelog. */
  async apply(cells: ReadonlyMap<string, CellBytes>, head: ChangelogHead, next: number, now: number): Promise<void> {
    this.#cells?.commit(cells, head)
    const changes = [...cells.values()].map(({ key, value }): CellChange => {
      const [table, name] = cellName(key)
      return [table, name, value === undefined ? undefined : decode(value)]
    })
    await this.commit(changes, head, next, now, (write) => this.#cells?.each(write))
  }

  /** What the state has in place of cells that do not count. */
  insteadOf(cells: ReadonlyMap<string, CellBytes>): readonly CellBytes[] {
    const { reader } = this.#store
    if (this.#cells !== undefined || reader === undefined) return this.#cells?.insteadOf(cells) ?? []
    return [...cells.values()].map(({ key }) => {
      const [table, name] = cellName(key)
      return cellBytes(table, name, reader.get(table, name))
    })
  }

  /** The state as it is now. */
  async recovered(): Promise<Recovered | undefined> {
    this.#cells = undefined
    await this.#store.close()
    this.#store = this.#local.open()
    const recovered = await this.#store.open()
    return recovered && { ...recovered, meta: readMeta(recovered.meta).meta }
  }

  /** Reads single cells, if the store can. */
  get reader(): StateStore['reader'] {
    return this.#store.reader
  }

  async commit(
    changes: readonly CellChange[],
    { epoch, meta }: ChangelogHead,
    next: number,
    now: number,
    all: (write: (...change: CellChange) => void) => void,
  ): Promise<void> {
    this.next = next
    await this.#store.commit({
      epoch,
      meta: writeMeta(next, now, meta),
      changes(write) {
        for (const change of changes) write(...change)
      },
      all,
    })
  }

  async close(): Promise<void> {
    await this.#store.close()
  }

  #load(recovered: Recovered): void {
    if (this.#cells === undefined) return
    const cells = new Map<string, CellBytes>()
    for (const table of recovered.tables()) {
      for (const [key, value] of recovered.cells(table)) {
        const cell = cellBytes(table, key, value)
        cells.set(cell.key.toString('latin1'), cell)
      }
    }
    this.#cells.commit(cells, recovered)
  }
}

/** Where the changelog goes on, when that was written, and what the commit says. */
function writeMeta(next: number, time: number, meta: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(16 + meta.length)
  bytes.writeDoubleBE(next)
  bytes.writeDoubleBE(time, 8)
  bytes.set(meta, 16)
  return bytes
}

function readMeta(bytes: Uint8Array): { readonly next: number; readonly time: number; readonly meta: Uint8Array } {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { next: view.readDoubleBE(), time: view.readDoubleBE(8), meta: bytes.subarray(16) }
}
