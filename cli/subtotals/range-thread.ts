import { Worker } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'
import type { OtherThread } from './range-pool.ts'
import { ValueLists } from './value-lists.ts'

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

  /** Starts it, which takes as long as reading some ranges: so it may well be started before it is known what there is to do. */
  constructor() {
    // What a thread makes lives for a line: a large young generation would only fill the memory.
    const resourceLimits = { maxYoungGenerationSizeMb: 8 }
    this.#worker = new Worker(new URL('./range-worker.js', import.meta.url), { resourceLimits })
    const lists = new ValueLists()
    this.#worker.on('message', (made: RangeSubtotals | 'ready') => {
      if (made === 'ready') this.#isReady = true
      else this.#waiting.shift()?.resolve(lists.resolve(made))
    })
    const fail = (error: Error): void => {
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    }
    this.#worker.on('error', fail)
    this.#worker.on('exit', () => fail(new Error('a thread that has ended')))
  }

  get load(): number {
    return this.#isReady ? this.#waiting.length : Infinity
  }

  begin(plan: Plan): void {
    this.#worker.postMessage(plan)
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
