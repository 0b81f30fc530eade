import { messageOf, show, TidemarkError } from '../errors.ts'
import type { DrivenSink } from '../job/driver-host.ts'
import type { JobOperator, OperatorRegistry } from '../job/operator-registry.ts'
import type { SourceRegistry } from '../job/source-registry.ts'
import { CellSizes } from './cell-sizes.ts'
import { DirtyCells } from './dirty-cells.ts'
import { encode } from '../state/codec.ts'
import { realFiles } from '../state/files.ts'
import type { CommitEnd } from '../state/log-format.ts'
import { writeSavepoint } from '../state/savepoint-writer.ts'
import type { StateStore, WriteCell } from '../state/state-store.ts'
import type { CheckpointSettings } from './checkpoint-options.ts'
import type { JobRecord, Origin, SinkRecord } from './job-record.ts'
import { RecoveredJob } from './recovered-job.ts'
import { startFrom } from './start-from.ts'
import { uniqueNames } from './unique-names.ts'

/** The parts of a job that a checkpoint is made of. */
export interface CheckpointParts {
  readonly operators: OperatorRegistry
  readonly sources: SourceRegistry
  readonly sinks: readonly DrivenSink[]
}

/** Takes checkpoints of a job, and brings a job back to the last one. */
export class Checkpointer {
  readonly #store: StateStore
  readonly #parts: CheckpointParts
  readonly #settings: CheckpointSettings
  /** The keys of what is dropped or has changed, by operator, until a checkpoint is without them. */
  #removed: ReadonlyMap<string, readonly unknown[]> = new Map()
  /** Operators of which the next checkpoint gets all cells. */
  #rewritten: ReadonlySet<string> = new Set()
  /** The operators that the last checkpoint has. */
  #written: ReadonlyMap<string, JobOperator> = new Map()
  /** The last checkpoint, but for its cells. */
  #last: CommitEnd = { epoch: 0, meta: new Uint8Array() }
  #origin: Origin | undefined
  /** Counts what has changed since the last checkpoint. */
  readonly dirty: DirtyCells = new DirtyCells()

  constructor(settings: CheckpointSettings, parts: CheckpointParts) {
    this.#store = settings.store
    this.#settings = settings
    this.#parts = parts
  }

  /** Reads the last checkpoint. Called before the job is wired. */
  async open(): Promise<RecoveredJob | undefined> {
    const { store, from } = this.#settings
    const recovered = await (from === undefined ? store.open() : startFrom(from, store, realFiles))
    if (recovered === undefined) return undefined
    const job = new RecoveredJob(recovered, this.#settings)
    this.#last = { epoch: recovered.epoch, meta: recovered.meta }
    this.#origin = job.origin
    return job
  }

  /**
   * Brings the sinks back, when the job has been wired; nothing has been written yet.
   *
   * @returns whether all sinks were in the checkpoint
   */
  async recover(recovered: RecoveredJob | undefined): Promise<boolean> {
    const sinks = [...uniqueNames(this.#parts.sinks)].map(([id, sink]) => [sink, recovered?.sink(id)] as const)
    this.#verify(recovered)
    this.#written = new Map(this.#parts.operators.live())
    for (const [sink, record] of sinks) {
      await sink.recover(record?.receipt)
      if (record !== undefined) await sink.commit(this.#last.epoch, record.receipt)
    }
    // Now that all is wired, because the names of operators go by their order. What has ended would say its last things again.
    for (const [sink, record] of sinks) if (record?.hasEnded === true) sink.leave()
    return sinks.every(([, record]) => record !== undefined)
  }

  /**
   * Takes a checkpoint. Called between two turns, when all that has left is written; until it is done nothing may happen in the
   * job.
   */
  async take(): Promise<void> {
    const epoch = this.#last.epoch + 1
    const operators = new Map<string, unknown>()
    for (const [id, operator] of this.#parts.operators.live()) {
      const record = operator.save?.()
      if (record !== undefined) operators.set(id, record)
    }
    const sources = this.#parts.sources.records()
    const sinks = new Map<string, SinkRecord>()
    const named = [...uniqueNames(this.#parts.sinks)]
    for (const [id, sink] of named) sinks.set(id, { receipt: await sink.prepare(epoch), hasEnded: sink.done })
    const record: JobRecord = { sources, operators, sinks, origin: this.#origin }
    const end = { epoch, meta: encode(record) }
    const sizes = new CellSizes()
    let wereTaken = false
    await this.#store.commit({
      ...end,
      changes: (write) => {
        wereTaken = true
        this.#writeGone(write)
        this.#write('changed', sizes.of(write))
      },
      all: (write) => {
        this.#write('all', sizes.of(write))
      },
    })
    for (const [id, { saved }] of this.#parts.operators.live()) {
      // Of what was written as a whole nobody has taken the changes. They are not to be asked for twice: what is found on the way must
      // be written.
      if (!wereTaken || this.#rewritten.has(id)) saved?.save(() => {}, 'changed')
      saved?.committed?.()
    }
    this.#rewritten = new Set()
    this.dirty.written(sizes.average)
    this.#last = end
    this.#removed = new Map()
    this.#written = new Map(this.#parts.operators.live())
    for (const [id, sink] of named) await sink.commit(epoch, sinks.get(id)?.receipt)
    this.#parts.sources.acknowledge(sources)
  }

  /** Writes all that the last checkpoint has into a file. Nothing may have happened in the job since. */
  async writeSavepoint(path: string): Promise<void> {
    await writeSavepoint(path, realFiles, this.#last, (write) => {
      this.#write('all', write)
    })
  }

  async close(): Promise<void> {
    await this.#store.close()
  }

  #write(which: 'changed' | 'all', write: WriteCell): void {
    for (const [table, { saved }] of this.#parts.operators.live()) {
      saved?.save(
        (key, cell) => {
          try {
            write(table, key, cell)
          } catch (error) {
            throw unwritable(table, key, error)
          }
        },
        this.#rewritten.has(table) ? 'all' : which,
      )
    }
  }

  /** What is dropped or has changed, and what operators had that the last checkpoint has and that were torn down since. */
  #writeGone(write: WriteCell): void {
    for (const [table, keys] of this.#removed) for (const key of keys) write(table, key, undefined)
    // It would be all of it that is written, where all of it may be more than memory takes, and nobody would read it.
    if (this.#store.reader !== undefined && this.#parts.sinks.every((sink) => sink.done)) return
    const live = new Map(this.#parts.operators.live())
    for (const [table, operator] of this.#written) {
      if (live.get(table) === operator) continue
      // What has gone since the last checkpoint is among the changes.
      for (const which of ['changed', 'all'] as const) {
        operator.saved?.save((key) => {
          write(table, key, undefined)
        }, which)
      }
    }
  }

  #verify(recovered: RecoveredJob | undefined): void {
    for (const [id, { isUnsaved }] of this.#parts.operators.live()) {
      if (isUnsaved !== true) continue
      throw new TidemarkError(
        'checkpoint',
        `${id}: expected an operator whose state can be saved, got one without 'saved'`,
        {
          operator: id,
        },
      )
    }
    this.#removed = recovered?.removed() ?? new Map()
    this.#rewritten = recovered?.changed ?? new Set()
    const missing = recovered?.missing ?? []
    if (missing.length === 0) return
    throw new TidemarkError(
      'checkpoint',
      `run: expected a pipeline with all that is in the checkpoint, got one without ${missing.map((id) => `'${id}'`).join(', ')}; name what may go in checkpoint.drop`,
    )
  }
}

function unwritable(table: string, key: unknown, error: unknown): TidemarkError {
  // Of an operator with several parts, behind the name of the part.
  const of: unknown = Array.isArray(key) ? key.at(-1) : key
  return new TidemarkError('checkpoint', `${table}: state of ${show(of)}: ${messageOf(error)}`, {
    operator: table,
    key: of,
    cause: error,
  })
}
