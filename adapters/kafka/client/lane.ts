import type { Clock } from '../../../lib/clock.ts'
import { ClusterError } from './cluster-error.ts'

interface Waiting<Item, Answer> {
  readonly item: Item
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Asks for many things in one request, one request at a time: what is asked for meanwhile is in the next one. */
export class Lane<Item, Answer> {
  readonly #ask: (items: readonly Item[]) => Promise<readonly (Answer | ClusterError)[]>
  readonly #clock: Clock
  readonly #most: number
  #waiting: Waiting<Item, Answer>[] = []
  #isBusy = false

  /**
   * @param ask one request; its answers, or why there is none, in the order of the items
   * @param most how many items may be in one request
   */
  constructor(
    ask: (items: readonly Item[]) => Promise<readonly (Answer | ClusterError)[]>,
    clock: Clock,
    most: number = Infinity,
  ) {
    this.#ask = ask
    this.#clock = clock
    this.#most = most
  }

  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject })
      if (!this.#isBusy) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isBusy = true
    while (this.#waiting.length > 0) {
      // Whoever asks in the same turn, or goes on from the last answer, is in the same request.
      await this.#clock.turn()
      const asked = this.#waiting.slice(0, this.#most)
      this.#waiting = this.#waiting.slice(this.#most)
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
    this.#isBusy = false
  }
}

function unanswered(): ClusterError {
  return new ClusterError('unavailable', 'NETWORK', true, 'the broker has not answered for all that was asked')
}
