import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { show, TidemarkError } from '../../lib/errors.ts'
import { realFiles } from '../../lib/state/files.ts'
import { type FolderLock, lockFolder } from '../../lib/state/folder-lock.ts'
import { thisProcess } from '../../lib/state/owner.ts'
import type {
  CellReader,
  Commit,
  Recovered,
  SavedCellPair,
  StateStore,
  StoreOptions,
} from '../../lib/state/state-store.ts'
import { decode, encode } from '../../lib/state/codec.ts'
import { orFail } from '../../lib/state/store-failure.ts'
import { cellKey, tableEnd, tableOf, tablePrefix } from './cell-key.ts'
import { headKey, readHead, writeHead } from './head.ts'
import { loadLmdb } from './load-lmdb.ts'

/**
 * Keeps checkpoints in an LMDB database, for state that is larger than memory: keyed state, running aggregates and tables without
 * end hold in memory what changed and what was asked for lately, and read the rest as it is asked for. Holds the cells of a commit
 * in memory while it makes it durable, and no others.
 *
 * A key may have 1977 bytes, less the name of its table.
 *
 * @param folder for this store alone; is made if it is not there
 * @throws TidemarkError `invalid-argument`; from `open`, `checkpoint` if the package `lmdb` is not installed
 * @see https://www.symas.com/lmdb
 *
 * @example
 * import { lmdbStore } from 'tidemark/adapters/lmdb'
 *
 * const store = lmdbStore('checkpoints/orders')
 */
export function lmdbStore(folder: string, options: StoreOptions = {}): StateStore {
  if (typeof folder !== 'string' || folder === '') {
    throw new TidemarkError('invalid-argument', `lmdbStore: folder must be a path, got ${show(folder)}`)
  }
  return new LmdbFolder(folder, options.takeOver ?? false)
}

type Cells = Database<Uint8Array, Uint8Array>

class LmdbFolder implements StateStore {
  readonly #folder: string
  readonly reader: CellReader = {
    get: (table, key) => {
      const bytes = this.#opened(`can't read`).getBinary(cellKey(this.#prefixOf(table), encode(key)))
      return bytes === undefined ? undefined : decode(bytes)
    },
    from: (table, at, count) => {
      const prefix = this.#prefixOf(table)
      const start = at === undefined ? prefix : cellKey(prefix, encode(at.key))
      return [...cellsOf(this.#opened(`can't read`), prefix, { start, limit: count })]
    },
  }

  readonly #prefixes = new Map<string, Buffer>()
  readonly #takeOver: boolean
  #lock: FolderLock | undefined
  #database: RootDatabase<Uint8Array, Uint8Array> | undefined

  constructor(folder: string, takeOver: boolean) {
    this.#folder = folder
    this.#takeOver = takeOver
  }

  async open(): Promise<Recovered | undefined> {
    return orFail(`lmdbStore: can't open '${this.#folder}'`, async () => {
      const lmdb = await loadLmdb()
      await realFiles.makeFolder(this.#folder)
      this.#lock = await lockFolder(this.#folder, realFiles, thisProcess, 'lmdbStore', this.#takeOver)
      try {
        await this.#refuseForeign()
        this.#database = lmdb.open<Uint8Array, Uint8Array>({
          path: this.#folder,
          // Else a folder with a dot in its name would be taken for a file.
          noSubdir: false,
          encoding: 'binary',
          keyEncoding: 'binary',
        })
        return recover(this.#database, this.#folder)
      } catch (error) {
        await this.close()
        throw error
      }
    })
  }

  async commit(commit: Commit): Promise<void> {
    const what = `commit ${commit.epoch} to '${this.#folder}' failed`
    const database = this.#opened(what)
    await orFail(`lmdbStore: ${what}, the one before is intact`, async () => {
      await this.#lock?.verify()
      // All is there before anything is written: what throws half-way must leave nothing behind.
      const cells: (readonly [key: Buffer, value: Uint8Array | undefined])[] = []
      commit.changes((table, key, value) => {
        cells.push([cellKey(this.#prefixOf(table), encode(key)), value === undefined ? undefined : encode(value)])
      })
      const head = writeHead(commit)
      // One transaction: what is put within one turn of the event loop.
      const done = database.batch(() => {
        for (const [key, value] of cells) void (value === undefined ? database.remove(key) : database.put(key, value))
        void database.put(headKey, head)
      })
      await done
      await database.flushed
    })
  }

  async close(): Promise<void> {
    const [database, lock] = [this.#database, this.#lock]
    this.#database = undefined
    this.#lock = undefined
    await database?.close()
    await lock?.release()
  }

  #prefixOf(table: string): Buffer {
    let prefix = this.#prefixes.get(table)
    if (prefix === undefined) this.#prefixes.set(table, (prefix = tablePrefix(table)))
    return prefix
  }

  #opened(what: string): RootDatabase<Uint8Array, Uint8Array> {
    if (this.#database === undefined) throw new TidemarkError('checkpoint', `lmdbStore: ${what}: the store is not open`)
    return this.#database
  }

  async #refuseForeign(): Promise<void> {
    const names = await realFiles.list(this.#folder)
    if (names.includes('data.mdb')) return refuseOtherFile(join(this.#folder, 'data.mdb'))
    const foreign = names.find((name) => name !== 'lock' && !name.startsWith('lock.'))
    if (foreign === undefined) return
    throw new TidemarkError(
      'checkpoint',
      `lmdbStore: expected an empty folder or the state of a job, got a folder with '${foreign}' in it ('${this.#folder}')`,
    )
  }
}

const magic = Buffer.from('dec0efbe', 'hex')

/** LMDB ends the process if it is made to open something else. */
async function refuseOtherFile(path: string): Promise<void> {
  const file = await realFiles.open(path, 'read')
  try {
    const start = Buffer.from(await file.read(0, 64))
    if (start.includes(magic) || start.length === 0) return
  } finally {
    await file.close()
  }
  throw new TidemarkError('checkpoint', `lmdbStore: expected a database at '${path}', got something else`)
}

function recover(database: Cells, folder: string): Recovered | undefined {
  const head = database.getBinary(headKey)
  if (head === undefined) {
    for (const _ of database.getKeys({ limit: 1 })) readHead(new Uint8Array(), folder)
    return undefined
  }
  return {
    ...readHead(head, folder),
    *tables() {
      for (let start: Uint8Array = Buffer.from([1]); ;) {
        const [first] = database.getKeys({ start, limit: 1 })
        if (first === undefined) return
        const table = tableOf(first)
        yield table
        start = tableEnd(tablePrefix(table))
      }
    },
    cells: (table) => cellsOf(database, tablePrefix(table)),
  }
}

/** The cells of a table, all unless a start or a limit is given. */
function* cellsOf(
  database: Cells,
  prefix: Buffer,
  { start = prefix, limit }: { readonly start?: Buffer; readonly limit?: number } = {},
): Generator<SavedCellPair> {
  const range = { start, end: tableEnd(prefix), ...(limit === undefined ? {} : { limit }) }
  for (const { key, value } of database.getRange(range)) yield [decode(key.subarray(prefix.length)), decode(value)]
}
