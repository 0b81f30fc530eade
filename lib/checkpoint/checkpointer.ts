import { messageOf, show, TidemarkError } from '../errors.ts'
import type { DrivenSink } from '../job/driver-host.ts'
import type { JobOperator, OperatorRegistry } from '../job/operator-registry.ts'
import type { SourceRegistry } from '../job/source-registry.ts'
import { CellSizes } from './cell-sizes.ts'
import { DirtyCells } from './dirty-cells.ts'
import { encode } from '../state/codec.ts'
import type { StateStore, WriteCell } from '../state/state-store.ts'
import type { JobRecord, SinkRecord } from './job-record.ts'
import { RecoveredJob } from './recovered-job.ts'
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
  readonly #drop: readonly string[]
  /** The keys of what is dropped, by operator, until a checkpoint is without them. */
  #dropped: ReadonlyMap<string, readonly unknown[]> = new Map()
  /** The operators that the last checkpoint has. */
  #written: ReadonlyMap<string, JobOperator> = new Map()
  #epoch = 0
  /** Counts what has changed since the last checkpoint. */
  readonly dirty: DirtyCells = new DirtyCells()

  /** @param drop ids of operators whose state is not wanted any more */
  constructor(store: StateStore, drop: readonly string[], parts: CheckpointParts) {
    this.#store = store
    this.#drop = drop
    this.#parts = parts
  }

  /** Reads the last checkpoint. Called before the job is wired. */
  async open(): Promise<RecoveredJob | undefined> {
    const recovered = await this.#store.open()
    if (recovered === undefined) return undefined
    this.#epoch = recovered.epoch
    return new RecoveredJob(recovered)
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
      if (record !== undefined) await sink.commit(this.#epoch, record.receipt)
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
    const epoch = this.#epoch + 1
    const operators = new Map<string, unknown>()
    for (const [id, operator] of this.#parts.operators.live()) {
      const record = operator.save?.()
      if (record !== undefined) operators.set(id, record)
    }
    const sources = this.#parts.sources.records()
    const sinks = new Map<string, SinkRecord>()
    const named = [...uniqueNames(this.#parts.sinks)]
    for (const [id, sink] of named) sinks.set(id, { receipt: await sink.prepare(epoch), hasEnded: sink.done })
    const record: JobRecord = { sources, operators, sinks }
    const sizes = new CellSizes()
    await this.#store.commit({
      epoch,
      meta: encode(record),
      changes: (write) => {
        this.#writeGone(write)
        this.#write('changed', sizes.of(write))
      },
      all: (write) => {
        this.#write('all', sizes.of(write))
      },
    })
    // A store that wrote all there is has not asked for what has changed.
    this.#write('changed', () => {})
    for (const [, { saved }] of this.#parts.operators.live()) saved?.committed?.()
    this.dirty.written(sizes.average)
    this.#epoch = epoch
    this.#dropped = new Map()
    this.#written = new Map(this.#parts.operators.live())
    for (const [id, sink] of named) await sink.commit(epoch, sinks.get(id)?.receipt)
  }

  async close(): Promise<void> {
    await this.#store.close()
  }

  #write(which: 'changed' | 'all', write: WriteCell): void {
    for (const [table, { saved }] of this.#parts.operators.live()) {
      saved?.save((key, cell) => {
        try {
          write(table, key, cell)
        } catch (error) {
          throw unwritable(table, key, error)
        }
      }, which)
    }
  }

  /** What is dropped, and what operators had that the last checkpoint has and that were torn down since. */
  #writeGone(write: WriteCell): void {
    for (const [table, keys] of this.#dropped) for (const key of keys) write(table, key, undefined)
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
    this.#dropped = new Map(this.#drop.map((id) => [id, Array.from(recovered?.drop(id) ?? [], ([key]) => key)]))
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
