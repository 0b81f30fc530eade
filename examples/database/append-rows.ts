import type { Sink } from 'tidemark'
import type { Database } from './database.ts'

/** What a checkpoint keeps of the sink: the rows until they are in the table. */
interface Receipt {
  readonly epoch: number
  /** The checkpoint before. */
  readonly after: number
  readonly rows: readonly object[]
}

/**
 * Adds rows to a table, each exactly once, for a job with checkpoints. A row has a property for each column.
 *
 * The rows since the last checkpoint become part of the next one. When that is on the disk, one transaction adds them, together with
 * its number. If the process dies before this is done, the next run does it; if it dies after, the number says that it has been
 * done. So nobody who reads the table sees a row that could be taken back. The rows between two checkpoints are held in memory.
 */
export function appendRows(db: Database, table: string): Sink<object> {
  const name = `appendRows(${table})`
  let rows: object[] = []
  /** The last checkpoint whose rows are in the table. */
  let last: number | undefined

  const appliedIn = async (session: Pick<Database, 'query'>): Promise<number> => {
    const found = await session.query<{ epoch: number }>('select epoch from epochs where sink = $1', [name])
    return found.rows[0]?.epoch ?? 0
  }

  return {
    name,
    writesTo: `table ${table}`,
    async recover(receipt) {
      await db.exec('create table if not exists epochs (sink text primary key, epoch integer not null)')
      const { epoch, after } = (receipt ?? { epoch: 0, after: 0 }) as Receipt
      last = await appliedIn(db)
      // One of the two was restored from a backup, or the checkpoints are those of another job.
      if (last !== epoch && last !== after) {
        throw new Error(`expected the rows of checkpoint ${epoch} or ${after} in the table, got those of ${last}`)
      }
    },
    write(values) {
      if (last === undefined) throw new Error('expected a job with checkpoints')
      rows = rows.concat(values)
    },
    prepare(epoch): Receipt {
      const receipt = { epoch, after: last ?? 0, rows }
      rows = []
      return receipt
    },
    async commit(epoch, receipt) {
      await db.transaction(async (session) => {
        if ((await appliedIn(session)) === epoch) return
        await session.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
          JSON.stringify((receipt as Receipt).rows),
        ])
        await session.query(
          'insert into epochs values ($1, $2) on conflict (sink) do update set epoch = excluded.epoch',
          [name, epoch],
        )
      })
      last = epoch
    },
  }
}
