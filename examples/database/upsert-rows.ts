import { type PaneInfo, resultId, type Sink } from 'tidemark'
import type { Change } from 'tidemark/operators'
import type { Database } from './database.ts'

/** How a result becomes a row. */
export interface UpsertOptions<T, K> {
  /** All columns but the first, which is `id`, text and the primary key. */
  readonly columns: readonly string[]
  /** A property for each of them. */
  readonly row: (value: T, key: K, pane: PaneInfo) => object
}

/**
 * Keeps a table of the results of windows: what comes overwrites the row of its id, what is taken back deletes it. Takes no part in
 * checkpoints. After a crash some changes come a second time, from the last checkpoint on and in the same order: for a while rows
 * may be what they were before, and then they are again what they have been.
 */
export function upsertRows<T, K>(
  db: Database,
  table: string,
  { columns, row }: UpsertOptions<T, K>,
): Sink<Change<T, K, PaneInfo>> {
  const changed = columns.map((column) => `${column} = excluded.${column}`).join(', ')
  return {
    name: `upsertRows(${table})`,
    writesTo: `table ${table}`,
    async write(changes) {
      // Of several changes of a row the last one counts; a statement can't make two of them.
      const rows = new Map<string, object | undefined>()
      for (const change of changes) {
        const id = resultId(table, change)
        rows.set(id, change.op === '+' ? { id, ...row(change.value, change.key, change.pane) } : undefined)
      }
      const there = [...rows.values()].filter((each) => each !== undefined)
      const gone = [...rows.keys()].filter((id) => rows.get(id) === undefined)
      // It does not matter if only one of the two is done: both will come again.
      await db.query(`delete from ${table} where id = any($1)`, [gone])
      await db.query(
        `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1) on conflict (id) do update set ${changed}`,
        [JSON.stringify(there)],
      )
    },
  }
}
