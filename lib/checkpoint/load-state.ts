import { show, TidemarkError } from '../errors.ts'
import type { CellReader } from '../state/state-store.ts'
import { pagedCells } from './paged-cells.ts'
import { encode } from '../state/codec.ts'
import type { OperatorRecord } from './job-record.ts'
import type { Migration, SavedState } from './saved-state.ts'

/** A cell in plain data. */
export type StoredCell = readonly [key: unknown, cell: unknown]

/** An operator whose state is loaded. */
export interface LoadedOperator {
  readonly id: string
  /** What it has come to, epoch ms. */
  readonly watermark: number
}

/** Lets an operator read single cells, if the store can, so that it need not hold those that it does not use. */
export function page({ id, watermark }: LoadedOperator, saved: SavedState, reader: CellReader | undefined): void {
  if (reader !== undefined) saved.page?.(pagedCells(reader, id), watermark)
}

/** How cells that were written in another layout or shape are loaded. */
export interface Adaptation {
  /** They are in another one than now, so that all have to be written anew. */
  readonly isNeeded: boolean
  readonly migrations: readonly Migration[]
}

/**
 * Prepares an operator for the cells of a checkpoint.
 *
 * @param isDropped whether a part of the state may go, by its name
 * @throws TidemarkError `checkpoint` when they can't be brought into the layout and shape that it has now
 */
export function adaptationOf(
  saved: SavedState,
  { version, shape }: Pick<OperatorRecord, 'version' | 'shape'>,
  isDropped: (part: string) => boolean,
): Adaptation {
  const migrations = [...migrationsFrom(version, saved)]
  const isReshaped = saved.shape !== undefined && shape !== undefined && !isEqual(shape, saved.shape.layout)
  if (isReshaped) saved.shape?.adapt(shape, isDropped)
  return { isNeeded: isReshaped || migrations.length > 0, migrations }
}

/** Hands an operator its cells. */
export function loadState(saved: SavedState, cells: Iterable<StoredCell>, { migrations }: Adaptation): void {
  for (const cell of cells) {
    for (const [key, value] of migrations.reduce(migrated, [cell])) saved.load(key, value)
  }
  saved.loaded?.()
}

function* migrationsFrom(
  version: number | undefined,
  { version: current, migrations }: SavedState,
): Generator<Migration> {
  if (version === undefined || version > current) {
    throw new TidemarkError(
      'checkpoint',
      `expected a checkpoint with version ${current} of its state at most, got ${show(version)}, which a later program has written`,
    )
  }
  for (let from = version; from < current; from++) {
    const migration = migrations?.[from]
    if (migration === undefined) {
      throw new TidemarkError(
        'checkpoint',
        `expected a checkpoint with version ${current} of its state, got ${version}, and no migration from ${from}`,
      )
    }
    yield migration
  }
}

function migrated(cells: readonly StoredCell[], migration: Migration): StoredCell[] {
  return cells.flatMap(([key, cell]) => [...migration(key, cell)])
}

function isEqual(one: unknown, other: unknown): boolean {
  return Buffer.compare(encode(one), encode(other)) === 0
}
