import { TidemarkError } from '../../../lib/errors.ts'
import { KafkaError } from '../kafka-error.ts'
import { Task, type TaskHost } from './task.ts'

/** What a slot tells the job. */
export interface SlotHost extends TaskHost {
  /** A task has failed for good. */
  failed(error: unknown): void
}

/** ms */
const firstDelay = 100
const longestDelay = 10_000

/** Keeps the task of a partition running as long as the process has it. */
export class TaskSlot {
  task: Task
  readonly #host: SlotHost
  readonly #partition: number
  readonly #done: Promise<void>
  #isOver = false
  #wake: () => void = () => {}

  constructor(host: SlotHost, partition: number) {
    this.#host = host
    this.#partition = partition
    this.task = new Task(host, partition)
    this.#done = this.#run()
  }

  /** Ends it with a commit. */
  async stop(): Promise<void> {
    this.#isOver = true
    this.#wake()
    // Why the last commit failed is told by `run`.
    await this.task.stop().catch(() => {})
    await this.#done
  }

  /** Ends it without a commit. */
  async drop(): Promise<void> {
    this.#isOver = true
    this.#wake()
    await this.task.drop()
    await this.#done
  }

  async #run(): Promise<void> {
    for (let delay = firstDelay; !this.#isOver;) {
      try {
        await this.task.run()
        return
      } catch (error) {
        if (!passes(error)) {
          this.#host.failed(error)
          return
        }
        if (this.#isOver) return
        this.#host.happened({ kind: 'restarted', partition: this.#partition, error })
      }
      delay = this.task.hasBegun ? firstDelay : Math.min(2 * delay, longestDelay)
      await this.#pause(delay)
      this.task = new Task(this.#host, this.#partition)
    }
  }

  #pause(delay: number): Promise<void> {
    const { clock } = this.#host
    return new Promise((resolve) => {
      const callOff = clock.at(clock.now() + delay, resolve)
      this.#wake = () => {
        callOff()
        resolve()
      }
    })
  }
}

/** It may well go better the next time: others have come between, or the brokers do not answer. */
function passes(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof KafkaError) return cause.kind === 'fenced' || cause.kind === 'unavailable'
    if (!(cause instanceof TidemarkError)) return false
  }
  return false
}
