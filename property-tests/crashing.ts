import { decode, encode } from '../lib/state/codec.ts'
import type { CellReader, Commit, Recovered, StateStore } from '../lib/state/state-store.ts'
import type { Sink } from '../lib/sink.ts'

/** What a process that dies throws: the process does nothing any more. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** Counts the steps that others could see of a process, and lets it die in front of one of them. */
export class Fate {
  steps = 0
  readonly #last: number

  /** @param last the step that is not taken any more */
  constructor(last: number = Infinity) {
    this.#last = last
  }

  step(): void {
    if (this.steps >= this.#last) throw new Crash(`at step ${this.steps}`)
    this.steps += 1
  }
}

/** What a state store has written, which outlives the process. */
export interface Durable {
  epoch: number | undefined
  meta: Uint8Array
  readonly cells: Map<string, Map<string, readonly [Uint8Array, Uint8Array]>>
}

export function nothingDurable(): Durable {
  return { epoch: undefined, meta: new Uint8Array(), cells: new Map() }
}

/** A store in memory. A commit is one step. */
export class MemoryStore implements StateStore {
  readonly reader?: CellReader
  readonly #durable: Durable
  readonly #fate: Fate

  /** @param isPaged cells can be read one by one */
  constructor(durable: Durable, fate: Fate, isPaged = false) {
    this.#durable = durable
    this.#fate = fate
    if (isPaged) this.reader = readerOf(durable)
  }

  async open(): Promise<Recovered | undefined> {
    this.#fate.step()
    const { epoch, meta, cells } = this.#durable
    if (epoch === undefined) return undefined
    // In another order than they were written in.
    const inReverse = (table: string): (readonly [unknown, unknown])[] =>
      Array.from(cells.get(table)?.values() ?? [], ([key, value]) => [decode(key), decode(value)] as const).toReversed()
    return { epoch, meta, tables: () => cells.keys(), cells: inReverse }
  }

  async commit(commit: Commit): Promise<void> {
    const { epoch, meta } = commit
    this.#fate.step()
    commit.changes((table, key, value) => {
      this.#put(table, encode(key), value === undefined ? undefined : encode(value))
    })
    this.#durable.epoch = epoch
    this.#durable.meta = meta
    // What has changed and what there is agree, but for what a job leaves behind when it has ended.
    const there: string[] = []
    commit.all((table, key, value) => there.push([table, hex(encode(key)), hex(encode(value))].join(' ')))
    const kept = [...this.#durable.cells].flatMap(([table, cells]) =>
      [...cells].map(([key, [, value]]) => [table, key, hex(value)].join(' ')),
    )
    if (
      !(this.reader !== undefined && there.length === 0) &&
      there.toSorted().join('\n') !== kept.toSorted().join('\n')
    ) {
      throw new Error(`changes miss something:\n${there.toSorted().join('\n')}\n--\n${kept.toSorted().join('\n')}`)
    }
    this.#fate.step()
  }

  async close(): Promise<void> {}

  #put(table: string, key: Uint8Array, value: Uint8Array | undefined): void {
    let cells = this.#durable.cells.get(table)
    if (cells === undefined)
      this.#durable.cells.set(table, (cells = new Map<string, readonly [Uint8Array, Uint8Array]>()))
    if (value === undefined) cells.delete(hex(key))
    else cells.set(hex(key), [key, value])
  }
}

function readerOf({ cells }: Durable): CellReader {
  return {
    get(table, key) {
      const found = cells.get(table)?.get(hex(encode(key)))
      return found && decode(found[1])
    },
    from(table, at, count) {
      const sorted = [...(cells.get(table) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
      const start = at === undefined ? '' : hex(encode(at.key))
      const found = sorted.filter(([key]) => key >= start).slice(0, count)
      return found.map(([, [key, value]]) => [decode(key), decode(value)])
    },
  }
}

/** A sink whose values outlive the process from the moment they are written, and that can be brought back to where it stood. */
export class DurableSink<T> implements Sink<T> {
  readonly name = 'durable'
  readonly #written: T[]
  readonly #fate: Fate

  constructor(written: T[], fate: Fate) {
    this.#written = written
    this.#fate = fate
  }

  write(values: readonly T[]): void {
    for (const value of values) {
      this.#fate.step()
      this.#written.push(value)
    }
  }

  prepare(): number {
    this.#fate.step()
    return this.#written.length
  }

  recover(receipt: unknown): void {
    this.#fate.step()
    this.#written.length = Number(receipt ?? 0)
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
