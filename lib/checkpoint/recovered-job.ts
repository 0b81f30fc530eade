import { show, TidemarkError } from '../errors.ts'
import type { Cell, Recovered } from '../state/state-store.ts'
import { decode } from '../state/codec.ts'
import type { JobRecord, Origin, SourceRecord } from './job-record.ts'
import type { SavedState } from './saved-state.ts'

/** What a checkpoint has of an operator. */
export interface RecoveredOperator<R> {
  readonly record: R
  readonly cells: Iterable<readonly [key: unknown, cell: unknown]>
}

/** What a checkpoint has of a job. Each part is taken once, by what has its id. */
export class RecoveredJob {
  readonly epoch: number
  readonly sinks: ReadonlyMap<string, unknown>
  readonly origin: Origin | undefined
  readonly #recovered: Recovered
  readonly #sources: Map<string, SourceRecord>
  readonly #operators: Map<string, unknown>

  constructor(recovered: Recovered) {
    const { sources, operators, sinks, origin } = decode(recovered.meta) as JobRecord
    this.epoch = recovered.epoch
    this.sinks = sinks
    this.origin = origin
    this.#recovered = recovered
    this.#sources = new Map(sources)
    this.#operators = new Map(operators)
  }

  source(id: string): SourceRecord | undefined {
    return taken(this.#sources, id)
  }

  operator<R>(id: string): RecoveredOperator<R> | undefined {
    const record = taken(this.#operators, id)
    return record === undefined ? undefined : { record: record as R, cells: this.#cells(id) }
  }

  /** The ids of operators that nobody has asked for. Sources may be opened later, as by `concat`. */
  get missing(): readonly string[] {
    return [...this.#operators.keys()]
  }

  /** Takes the cells of an operator out of the checkpoint. */
  *drop(id: string): Generator<Cell> {
    this.#operators.delete(id)
    for (const [key] of this.#recovered.cells(id)) yield { table: id, key, value: undefined }
  }

  *#cells(table: string): Generator<readonly [key: unknown, cell: unknown]> {
    for (const [key, cell] of this.#recovered.cells(table)) yield [decode(key), decode(cell)]
  }
}

/**
 * Hands an operator its cells.
 *
 * @throws TidemarkError `checkpoint` when they are of another layout
 */
export function loadCells(
  id: string,
  saved: SavedState,
  version: number | undefined,
  cells: RecoveredOperator<unknown>['cells'],
): void {
  if (version !== saved.version) {
    throw new TidemarkError(
      'checkpoint',
      `${id}: expected a checkpoint with version ${saved.version} of its state, got ${show(version)}`,
      { operator: id },
    )
  }
  for (const [key, cell] of cells) saved.load(key, cell)
  saved.loaded?.()
}

function taken<V>(map: Map<string, V>, id: string): V | undefined {
  const found = map.get(id)
  map.delete(id)
  return found
}
