import type { Clock } from '../../../lib/clock.ts'
import { ClusterError } from './cluster-error.ts'

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

export interface LaneOptions {
  readonly clock: Clock
  /** How many items may be in one request; no limit unless given. */
  readonly most?: number
  /** How many requests may be under way; one unless given. */
  readonly width?: number
}

/** Asks for many things in one request: what is asked for while it is under way is in the next one. */
export class Lane<Item, Answer> {
  readonly #ask: (items: readonly Item[]) => Promise<readonly (Answer | ClusterError)[]>
  readonly #clock: Clock
  readonly #most: number
  readonly #width: number
  #waiting: Waiting<Item, Answer>[] = []
  #underWay = 0

  /** @param ask one request; its answers, or why there is none, in the order of the items */
  constructor(
    ask: (items: readonly Item[]) => Promise<readonly (Answer | ClusterError)[]>,
    { clock, most = Infinity, width = 1 }: LaneOptions,
  ) {
    this.#ask = ask
    this.#clock = clock
    this.#most = most
    this.#width = width
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (this.#underWay < this.#width) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#underWay += 1
    while (this.#waiting.length > 0) {
      // Whoever asks in the same turn, or goes on from the last answer, is in the same request.
      await this.#clock.turn()
      const asked = this.#waiting.slice(0, this.#most)
      this.#waiting = this.#waiting.slice(this.#most)
      if (asked.length > 0) await this.#serve(asked)
    }
    this.#underWay -= 1
  }

  async #serve(asked: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#ask(asked.map(({ item }) => item))
      asked.forEach(({ resolve, reject }, index) => {
        const answer = answers[index]
        if (answer === undefined || answer instanceof ClusterError) reject(answer ?? unanswered())
        else resolve(answer)
      })
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}

function unanswered(): ClusterError {
  return new ClusterError('unavailable', 'NETWORK', true, 'the broker has not answered for all that was asked')
}
