import { Worker } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'
import type { OtherThread } from './range-pool.ts'

/** Ranges that a thread has at hand: one it works on, and one more so that it never waits. */
const most = 2

interface Waiting {
  readonly resolve: (made: RangeSubtotals) => void
  readonly reject: (error: Error) => void
}

/** Another thread that reads ranges. */
export class RangeThread implements OtherThread {
  readonly #worker: Worker
  /** Those of the ranges under way, the first one first. */
  readonly #waiting: Waiting[] = []
  #isReady = false

  constructor(plan: Plan) {
    // What a thread makes lives for a line: a large young generation would only fill the memory.
    const resourceLimits = { maxYoungGenerationSizeMb: 8 }
    this.#worker = new Worker(new URL('./range-worker.js', import.meta.url), { workerData: plan, resourceLimits })
    this.#worker.on('message', (made: RangeSubtotals | 'ready') => {
      if (made === 'ready') this.#isReady = true
      else this.#waiting.shift()?.resolve(made)
    })
    const fail = (error: Error): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    this.#worker.on('error', fail)
    this.#worker.on('exit', () => fail(new Error('a thread that has ended')))
  }

  /** It has been loaded, and has less to do than it could have. Until then whoever asks is quicker. */
  get isFree(): boolean {
    return this.#isReady && this.#waiting.length < most
  }

  read(range: Range): Promise<RangeSubtotals> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(range)
    })
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }
}
