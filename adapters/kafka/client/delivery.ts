/** What one `send` waits for: all of its records written, or one that can't be. */
export class Delivery {
  readonly settled: Promise<void>
  readonly #resolve: () => void
  readonly #reject: (error: Error) => void
  #left = 0
  #isComplete = false
  #hasFailed = false

  constructor() {
    let resolve = (): void => {}
    let reject = (_error: Error): void => {}
    this.settled = new Promise((yes, no) => {
      resolve = yes
      reject = no
    })
    this.#resolve = resolve
    this.#reject = reject
  }

  /** What is left of it is of no use any more. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** One record more. */
  expect(): void {
    this.#left += 1
  }

  /** One record is written. */
  arrive(): void {
    this.#left -= 1
    if (this.#left === 0 && this.#isComplete) this.#resolve()
  }

  /** There are no more records than these. */
  complete(): void {
    this.#isComplete = true
    if (this.#left === 0) this.#resolve()
  }

  fail(error: Error): void {
    this.#hasFailed = true
    this.#reject(error)
  }
}
