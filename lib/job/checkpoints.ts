import type { CheckpointSettings } from '../checkpoint/checkpoint-options.ts'
import { Checkpointer } from '../checkpoint/checkpointer.ts'
import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import type { OperatorRecord } from '../checkpoint/job-record.ts'
import { type LoadedOperator, page } from '../checkpoint/load-state.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { RecoveredJob } from '../checkpoint/recovered-job.ts'
import type { CellReader } from '../state/state-store.ts'
import type { Clock } from '../clock.ts'
import { show, TidemarkError } from '../errors.ts'
import type { DrivenCheckpoints } from './driver-host.ts'
import type { Driver } from './driver.ts'
import type { Notice } from './notice.ts'
import type { OperatorRegistry } from './operator-registry.ts'
import type { SourceRegistry } from './source-registry.ts'

/** A job, as far as its checkpoints are concerned. */
export interface CheckpointedJob {
  readonly operators: OperatorRegistry
  readonly sources: SourceRegistry
  readonly driver: Driver
  readonly clock: Clock
  readonly limits: { readonly bufferLimit: number }
  readonly notify: (notice: Notice) => void
}

/** A savepoint that somebody waits for. */
interface Wanted {
  readonly path: string
  /** Tells what becomes of it. */
  readonly settle: (written: Promise<void>) => void
}

/** When a job takes checkpoints. */
export class Checkpoints implements DrivenCheckpoints {
  /** What the last run has left, for those that are being wired. */
  recovered: RecoveredJob | undefined
  /** Reads single cells, if the store can. */
  readonly #reader: CellReader | undefined
  readonly #checkpointer: Checkpointer
  readonly #every: number
  readonly #maxDirtyBytes: number
  readonly #job: CheckpointedJob
  #isDue = false
  readonly #wanted: Wanted[] = []
  #isClosed = false
  /** Calls off the timer that is set. */
  #callOff: () => void = () => {}
  /** What was pushed while a checkpoint was being taken. */
  #held: (() => void)[] | undefined
  /** Sources of which it has been said. */
  readonly #notReplayable = new Set<string>()

  constructor(settings: CheckpointSettings, job: CheckpointedJob) {
    const { operators, sources, driver } = job
    this.#checkpointer = new Checkpointer(settings, { operators, sources, sinks: driver.sinks })
    this.#reader = settings.store.reader
    this.#every = settings.every
    this.#maxDirtyBytes = settings.maxDirtyBytes
    this.#job = job
  }

  /** Brings a job back to its last checkpoint. */
  async recover(wire: () => void): Promise<void> {
    try {
      this.recovered = await this.#checkpointer.open()
    } catch (error) {
      // What it has been given is closed with it.
      wire()
      throw error
    }
    wire()
    // Until a checkpoint knows a sink, nothing may be written to it: the next run could not tell what of it is the job's.
    if (await this.#checkpointer.recover(this.recovered)) this.#arm()
    else this.#isDue = true
  }

  /** Hands an operator the cells that the last run has left, if there are any, and what reads single ones if the store can. */
  load(operator: LoadedOperator, saved: SavedState, record: OperatorRecord | undefined): void {
    if (record === undefined) page(operator, saved, this.#reader)
    else this.recovered?.load(operator, saved, record, this.#reader)
  }

  /** Counts what changes. */
  get dirty(): DirtyCells {
    return this.#checkpointer.dirty
  }

  isDue(isLast: boolean): boolean {
    return this.#isDue || isLast || this.#wanted.length > 0 || this.dirty.bytes > this.#maxDirtyBytes
  }

  /** Takes one. What is pushed meanwhile waits. */
  async take(): Promise<void> {
    const held: (() => void)[] = []
    this.#held = held
    this.#isDue = false
    // What was pushed while others were flushed.
    for (const sink of this.#job.driver.sinks) await sink.flush()
    await this.#checkpointer.take()
    await this.#writeSavepoints()
    this.#arm()
    this.#held = undefined
    for (const work of held) work()
  }

  /**
   * Puts something off until the checkpoint has been taken; false if none is.
   *
   * @throws TidemarkError `overflow` when too much is pushed meanwhile
   */
  hold(work: () => void): boolean {
    if (this.#held === undefined) return false
    this.#held.push(work)
    const { bufferLimit } = this.#job.limits
    if (this.#held.length <= bufferLimit) return true
    throw new TidemarkError(
      'overflow',
      `expected at most ${bufferLimit} values to be pushed while a checkpoint is taken, got more; raise 'bufferLimit'`,
    )
  }

  /** Says of a source, once, that a checkpoint can't say where it has come to. */
  sayNotReplayable(source: string): void {
    if (this.#notReplayable.has(source)) return
    this.#notReplayable.add(source)
    const message = `${source}: gives values without a position, so that a job which goes on from its checkpoint can't ask for them again: after a crash, those since the last checkpoint are missing, or all are counted again if the source begins anew`
    this.#job.notify({ code: 'not-replayable', operator: source, message })
  }

  /** Writes a savepoint with the next checkpoint, which is taken as soon as that can be. */
  async savepoint(path: string): Promise<void> {
    if (typeof path !== 'string' || path === '') {
      throw new TidemarkError('invalid-argument', `savepoint: expected the path of a file, got ${show(path)}`)
    }
    if (this.#isClosed) throw tooLate(path)
    await new Promise<void>((settle) => {
      this.#wanted.push({ path, settle })
      this.#job.driver.wake()
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const { path, settle } of this.#wanted.splice(0)) settle(Promise.reject(tooLate(path)))
    await this.#checkpointer.close()
  }

  /** One that can't be written is the concern of who wants it: the job has its checkpoint, and goes on. */
  async #writeSavepoints(): Promise<void> {
    for (const { path, settle } of this.#wanted.splice(0)) {
      const written = this.#checkpointer.writeSavepoint(path)
      settle(written)
      await Promise.allSettled([written])
    }
  }

  #arm(): void {
    const { driver, clock } = this.#job
    this.#callOff()
    this.#callOff = driver.timers.set(clock.now() + this.#every, () => (this.#isDue = true))
  }
}

function tooLate(path: string): TidemarkError {
  return new TidemarkError('checkpoint', `savepoint: expected a job at work to write '${path}', got one that is over`)
}
