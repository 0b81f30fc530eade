import { setImmediate } from 'node:timers/promises'
import type { Plan } from './plan.ts'
import type { Range, RangeSubtotals } from './range.ts'
import type { RangeReader } from './range-reader.ts'

/** Another thread that reads ranges, one behind the other. */
export interface OtherThread {
  /** Ranges that it has at hand; `Infinity` until it has been loaded, because so long whoever asks is quicker. */
  readonly load: number
  /** Tells it what it has to know, before anything else. */
  begin(plan: Plan): void
  read(range: Range): Promise<RangeSubtotals>
  close(): Promise<void>
}

/** A range with what comes of it. */
export interface ReadRange {
  readonly range: Range
  readonly made: RangeSubtotals
}

/** A range that has been given to a thread. */
interface Given {
  readonly range: Range
  made: RangeSubtotals | undefined
  /** `made` is there, or there is an error. */
  readonly done: Promise<void>
}

/** Ranges for each thread that are under way, or done and wait for those before them. */
const rangesPerThread = 4

/**
 * Threads that read ranges, this one among them: rather than wait for the others, it reads one itself. What comes of a range does not depend
 * on who has read it. Holds what has come of four ranges for each thread.
 */
export class RangePool {
  readonly #threads: readonly OtherThread[]

  /** @param threads beside this one */
  constructor(threads: readonly OtherThread[], plan: Plan) {
    this.#threads = threads
    for (const thread of threads) thread.begin(plan)
  }

  /**
   * Reads ranges on all threads at once and yields what came of them, in the order of the ranges.
   *
   * @param read what this thread reads with
   */
  async *read(ranges: readonly Range[], read: RangeReader): AsyncGenerator<ReadRange> {
    const left = ranges.toReversed()
    const given: Given[] = []
    const most = rangesPerThread * (this.#threads.length + 1)
    while (left.length > 0 || given.length > 0) {
      for (const thread of this.#threads) {
        // One that it works on, and one more so that it never waits; but of the last ones each thread is to have some.
        const ahead = left.length > this.#threads.length ? 2 : 1
        while (thread.load < ahead && given.length < most && left.length > 0)
          given.push(give(left.pop() as Range, thread))
      }
      const [first] = given
      if (first?.made !== undefined) {
        given.shift()
        yield { range: first.range, made: first.made }
      } else if (left.length > 0 && given.length < most) {
        const range = left.pop() as Range
        given.push({ range, made: read(range), done: Promise.resolve() })
        // What other threads have sent meanwhile.
        await setImmediate()
      } else await first?.done
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()))
  }
}

function give(range: Range, thread: OtherThread): Given {
  const given: { -readonly [N in keyof Given]: Given[N] } = { range, made: undefined, done: Promise.resolve() }
  given.done = thread.read(range).then((made) => {
    given.made = made
  })
  // An error is met where the turn of the range comes.
  given.done.catch(() => {})
  return given
}
