import { callbackError } from '../callback-error.ts'
import { decode } from '../state/codec.ts'
import type { CellReader, Recovered } from '../state/state-store.ts'
import type { CheckpointChanges } from './checkpoint-options.ts'
import type { JobRecord, OperatorRecord, Origin, SinkRecord, SourceRecord } from './job-record.ts'
import { adaptationOf, type LoadedOperator, loadState, page, type StoredCell } from './load-state.ts'
import type { SavedState } from './saved-state.ts'

/** What a checkpoint has of a job. Each part is taken once, by what has its id. */
export class RecoveredJob {
  readonly epoch: number
  readonly origin: Origin | undefined
  /** Operators whose cells are in the checkpoint otherwise than they are now, and so have all to be written. */
  readonly changed: Set<string> = new Set()
  readonly #recovered: Recovered
  readonly #drop: ReadonlySet<string>
  readonly #sources: Map<string, SourceRecord>
  readonly #operators: Map<string, unknown>
  readonly #sinks: Map<string, SinkRecord>
  /** Where the cells of operators are that had another id. */
  readonly #tables = new Map<string, string>()
  /** The keys of cells that are not wanted any more, by table. */
  readonly #outdated = new Map<string, unknown[]>()

  constructor(recovered: Recovered, { drop, rename }: CheckpointChanges) {
    const { sources, operators, sinks, origin } = decode(recovered.meta) as JobRecord
    this.epoch = recovered.epoch
    this.origin = origin
    this.#recovered = recovered
    this.#drop = new Set(drop)
    this.#sources = renamed(sources, rename)
    this.#sinks = renamed(sinks, rename)
    this.#operators = renamed(operators, rename, (old, id) => this.#tables.set(id, old))
  }

  source(id: string): SourceRecord | undefined {
    return taken(this.#sources, id)
  }

  /** What is said of an operator beside its cells. */
  operator<R>(id: string): R | undefined {
    return taken(this.#operators, id) as R | undefined
  }

  /**
   * Hands an operator its cells, as they have to be now. If they were otherwise, it holds all of them in this run: those in the store
   * can't be read one by one.
   *
   * @throws TidemarkError `checkpoint` when they can't be made so, `callback` when a function of the user's fails with them
   */
  load(operator: LoadedOperator, saved: SavedState, record: OperatorRecord, reader: CellReader | undefined): void {
    const { id } = operator
    const table = this.#tables.get(id) ?? id
    try {
      const adaptation = adaptationOf(saved, record, (part) => this.#drop.has(`${id}.${part}`))
      const hasChanged = adaptation.isNeeded || table !== id
      if (hasChanged) this.changed.add(id)
      else page(operator, saved, reader)
      loadState(saved, this.#cells(table, hasChanged), adaptation)
    } catch (error) {
      throw callbackError(error, id)
    }
  }

  sink(id: string): SinkRecord | undefined {
    return taken(this.#sinks, id)
  }

  /**
   * The ids of operators, and of sinks that have said where they stand, that nobody has asked for and that may not go. Sources may be
   * opened later, as by `concat`.
   */
  get missing(): readonly string[] {
    const sinks = [...this.#sinks].filter(([id, { receipt }]) => receipt !== undefined && !this.#drop.has(id))
    return [...this.#operators.keys(), ...sinks.map(([id]) => id)]
  }

  /** The keys of the cells that are to be taken out of the checkpoint, by table: of operators that may go, or have changed. */
  removed(): ReadonlyMap<string, readonly unknown[]> {
    for (const id of this.#drop) {
      if (!this.#operators.delete(id)) continue
      for (const _ of this.#cells(this.#tables.get(id) ?? id, true));
    }
    return this.#outdated
  }

  *#cells(table: string, isOutdated: boolean): Generator<StoredCell> {
    const keys: unknown[] = []
    if (isOutdated) this.#outdated.set(table, keys)
    for (const cell of this.#recovered.cells(table)) {
      if (isOutdated) keys.push(cell[0])
      yield cell
    }
  }
}

/** The parts of a checkpoint under the ids that they have now. One whose new id is there has been renamed before. */
function renamed<V>(
  parts: ReadonlyMap<string, V>,
  rename: ReadonlyMap<string, string>,
  onRenamed: (old: string, id: string) => void = () => {},
): Map<string, V> {
  const found = new Map<string, V>()
  for (const [old, part] of parts) {
    const id = rename.get(old)
    const isRenamed = id !== undefined && !parts.has(id)
    found.set(isRenamed ? id : old, part)
    if (isRenamed) onRenamed(old, id)
  }
  return found
}

function taken<V>(map: Map<string, V>, id: string): V | undefined {
  const found = map.get(id)
  map.delete(id)
  return found
}
