import { show, TidemarkError } from '../errors.ts'
import type { CellReader, Recovered } from '../state/state-store.ts'
import { decode } from '../state/codec.ts'
import type { JobRecord, OperatorRecord, SourceRecord } from './job-record.ts'
import { pagedCells } from './paged-cells.ts'
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
  readonly #recovered: Recovered
  readonly #sources: Map<string, SourceRecord>
  readonly #operators: Map<string, unknown>

  constructor(recovered: Recovered) {
    const { sources, operators, sinks } = decode(recovered.meta) as JobRecord
    this.epoch = recovered.epoch
    this.sinks = sinks
    this.#recovered = recovered
    this.#sources = new Map(sources)
    this.#operators = new Map(operators)
  }

  source(id: string): SourceRecord | undefined {
    return taken(this.#sources, id)
  }

  operator<R>(id: string): RecoveredOperator<R> | undefined {
    const record = taken(this.#operators, id)
    return record === undefined ? undefined : { record: record as R, cells: this.#recovered.cells(id) }
  }

  /** The ids of operators that nobody has asked for. Sources may be opened later, as by `concat`. */
  get missing(): readonly string[] {
    return [...this.#operators.keys()]
  }

  /** Takes the cells of an operator out of the checkpoint. */
  drop(id: string): Iterable<readonly [key: unknown, cell: unknown]> {
    this.#operators.delete(id)
    return this.#recovered.cells(id)
  }
}

/**
 * Hands an operator its cells, and what reads single ones if the store can.
 *
 * @throws TidemarkError `checkpoint` when they are of another layout
 */
export function loadState(
  { id, watermark }: { readonly id: string; readonly watermark: number },
  saved: SavedState,
  reader: CellReader | undefined,
  recovered: RecoveredOperator<Pick<OperatorRecord, 'version'>> | undefined,
): void {
  if (reader !== undefined) saved.page?.(pagedCells(reader, id), watermark)
  if (recovered === undefined) return
  const { version } = recovered.record
  if (version !== saved.version) {
    throw new TidemarkError(
      'checkpoint',
      `${id}: expected a checkpoint with version ${saved.version} of its state, got ${show(version)}`,
      { operator: id },
    )
  }
  for (const [key, cell] of recovered.cells) saved.load(key, cell)
  saved.loaded?.()
}

function taken<V>(map: Map<string, V>, id: string): V | undefined {
  const found = map.get(id)
  map.delete(id)
  return found
}
