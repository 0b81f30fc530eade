import type { Observable, Subscriber } from 'rxjs'
import type { Diff, Element, Event } from '../lib/element.ts'
import { refuseSecond, rowOf } from '../lib/joins/row-of.ts'
import { Observable as RxObservable } from '../lib/rx.ts'
import type { Sink } from '../lib/sink.ts'
import { isOrderedKey, OrderedKeys } from '../lib/tables/ordered-keys.ts'
import { callbackError } from '../lib/callback-error.ts'
import type { Change } from './changes.ts'

/** A table as it stands, to be looked into while its job runs, and after. */
export interface MaterializedView<T, K> extends Sink<Element<T, K, unknown, Diff>> {
  /** How many rows there are. */
  readonly size: number
  /** The row of a key. */
  get(key: K): T | undefined
  /**
   * The rows with keys from `from` on and before `to`, in the order of the keys: numbers by their size, and behind them texts as
   * `<` compares them, by their code units and no language. Keys of other types are in no range, and neither is `NaN`.
   *
   * The first call sorts the keys; from then on they are kept in order, and a call costs what it gives.
   */
  range(from: RangeBound<K>, to: RangeBound<K>): readonly (readonly [key: K, value: T])[]
  /** All rows with their keys, those that came last at the end. */
  entries(): IterableIterator<[key: K, value: T]>
  /** The rows that are there as insertions, and then each change, when it has been made; completes when the job is over. */
  changes(): Observable<Change<T, K>>
}

/** Where a range of keys of a type may begin and end. */
export type RangeBound<K> = K extends number ? number : K extends string ? string : never

/** Options of `materialize`. */
export interface MaterializeOptions {
  /** Names the view in metrics and errors. */
  readonly name?: string
}

/**
 * Makes a sink that keeps a table as it stands: the rows that have not been taken back.
 *
 * An update is made as a whole: whoever looks in between two calls of his own does not see a row missing. Holds all rows, also
 * when the job is over, and from the first `range` on their keys once more.
 *
 * @throws TidemarkError `unsupported` as the error of the job, when a row is taken back that is not there, or the next row of a
 *   key comes before that
 * @example
 * const stock = materialize<number, string>()
 * const job = run(changes.pipe(keyBy((change) => change.item), map((change) => change.left), toTable()), stock)
 * stock.get('umbrella')
 * stock.range('a', 'm')
 */
export function materialize<T, K = undefined>({ name = 'materialize' }: MaterializeOptions = {}): MaterializedView<
  T,
  K
> {
  return new View<T, K>(name)
}

class View<T, K> implements MaterializedView<T, K> {
  readonly name: string
  readonly #rows = new Map<K, Event<T, K, unknown, Diff>>()
  /** Undefined until somebody asks for a range. */
  #order: OrderedKeys | undefined
  /** Those who get the changes; never changed itself, so that who comes while a change is given does not get it twice. */
  #watchers: readonly Subscriber<Change<T, K>>[] = []
  #isOver = false

  constructor(name: string) {
    this.name = name
  }

  get size(): number {
    return this.#rows.size
  }

  get(key: K): T | undefined {
    return this.#rows.get(key)?.value
  }

  range(from: RangeBound<K>, to: RangeBound<K>): readonly (readonly [key: K, value: T])[] {
    const rows: (readonly [K, T])[] = []
    if (!isOrderedKey(from) || !isOrderedKey(to)) return rows
    this.#order ??= new OrderedKeys([...this.#rows.keys()].filter(isOrderedKey))
    for (const ordered of this.#order.range(from, to)) {
      const row = this.#rows.get(ordered as K)
      if (row !== undefined) rows.push([row.key, row.value])
    }
    return rows
  }

  *entries(): IterableIterator<[key: K, value: T]> {
    for (const [key, { value }] of this.#rows) yield [key, value]
  }

  changes(): Observable<Change<T, K>> {
    return new RxObservable<Change<T, K>>((subscriber) => {
      for (const row of this.#rows.values()) subscriber.next(asChange(row))
      if (this.#isOver) subscriber.complete()
      this.#watchers = [...this.#watchers, subscriber]
      return () => (this.#watchers = this.#watchers.filter((other) => other !== subscriber))
    })
  }

  write(elements: readonly Element<T, K, unknown, Diff>[]): void {
    for (const element of elements) if (element.kind === 'event') this.#apply(element)
  }

  end(): void {
    this.close()
  }

  close(): void {
    this.#isOver = true
    for (const watcher of this.#watchers) watcher.complete()
  }

  #apply(change: Event<T, K, unknown, Diff>): void {
    const { key, value, diff } = change
    const row = this.#rows.get(key)
    try {
      if (diff === -1) this.#remove(rowOf(row, row, change).key)
      else if (row === undefined) this.#add(change)
      else refuseSecond(value)
    } catch (error) {
      throw callbackError(error, this.name, change)
    }
    for (const watcher of this.#watchers) watcher.next(asChange(change))
  }

  #add(row: Event<T, K, unknown, Diff>): void {
    this.#rows.set(row.key, row)
    if (isOrderedKey(row.key)) this.#order?.add(row.key)
  }

  #remove(key: K): void {
    this.#rows.delete(key)
    if (isOrderedKey(key)) this.#order?.remove(key)
  }
}

function asChange<T, K>({ key, value, time, diff }: Event<T, K, unknown, Diff>): Change<T, K> {
  return { op: diff === 1 ? '+' : '-', key, value, time, pane: undefined }
}
