import { Bell } from '../line/bell.ts'

/** Another thread that does tasks, one behind the other. */
export interface OtherThread<Settings, Task, Made> {
  /** Tasks that it has at hand; `Infinity` until it has been loaded, because so long whoever asks is quicker. */
  readonly load: number
  /**
   * Tells it what it has to know, before anything else.
   *
   * @param ring is called when it has made something
   */
  begin(settings: Settings, ring: () => void): void
  /** Looks for what has come, without a turn of the event loop. */
  receive(): void
  /** Gives it a task. What is returned says what it has made, `undefined` as long as it has not; it throws what ended the thread. */
  give(task: Task): () => Made | undefined
  close(): Promise<void>
}

/** A task with its result. */
export interface Done<Task, Result> {
  readonly task: Task
  readonly result: Result
}

/** A task that has been given to a thread. */
interface Given<Task, Made, Result> {
  readonly task: Task
  readonly made: () => Made | undefined
  readonly resolve: (made: Made) => Result
}

/** Tasks for each thread that are under way, or done and wait for those before them. */
const tasksPerThread = 4

/**
 * Threads that do tasks, the one it is called on among them: rather than wait for the others it does one itself, and it is the only one while
 * they start. What comes of a task does not depend on who has done it. Holds what was made of four tasks for each thread.
 *
 * @typeParam Made plain data that crosses from one thread to another
 * @typeParam Result what becomes of that here
 */
export class ThreadPool<Settings, Task, Made, Result> {
  readonly #threads: readonly {
    readonly thread: OtherThread<Settings, Task, Made>
    readonly resolve: (made: Made) => Result
  }[]
  readonly #resolver: () => (made: Made) => Result
  readonly #bell = new Bell()

  /**
   * @param threads beside the one it is called on
   * @param resolver makes, for each thread, what is given all that it has made, in order
   */
  constructor(
    threads: readonly OtherThread<Settings, Task, Made>[],
    settings: Settings,
    resolver: () => (made: Made) => Result,
  ) {
    this.#resolver = resolver
    this.#threads = threads.map((thread) => ({ thread, resolve: resolver() }))
    for (const thread of threads) thread.begin(settings, this.#bell.ring)
  }

  /**
   * Does tasks on all threads at once and yields their results, in the order of the tasks.
   *
   * @param perform does one on this thread
   */
  async *run(tasks: readonly Task[], perform: (task: Task) => Made): AsyncGenerator<Done<Task, Result>> {
    const resolve = this.#resolver()
    const left = tasks.toReversed()
    const given: Given<Task, Made, Result>[] = []
    const most = tasksPerThread * (this.#threads.length + 1)
    while (left.length > 0 || given.length > 0) {
      this.#handOut(left, given, most)
      const [first] = given
      const made = first?.made()
      if (first !== undefined && made !== undefined) {
        given.shift()
        yield { task: first.task, result: first.resolve(made) }
      } else if (left.length > 0 && given.length < most) {
        const task = left.pop() as Task
        const own = perform(task)
        given.push({ task, made: () => own, resolve })
      } else await this.#bell.rung()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ thread }) => thread.close()))
  }

  /** Gives each thread as many tasks as it may have, one after the other. */
  #handOut(left: Task[], given: Given<Task, Made, Result>[], most: number): void {
    for (const { thread } of this.#threads) thread.receive()
    for (let ahead = 0; ahead < 2; ahead++) {
      for (const { thread, resolve } of this.#threads) {
        // One that it works on, and one more so that it never waits; but of the last ones each thread is to have some.
        const isFew = ahead > 0 && left.length <= this.#threads.length
        if (thread.load > ahead || isFew || given.length === most || left.length === 0) continue
        const task = left.pop() as Task
        given.push({ task, made: thread.give(task), resolve })
      }
    }
  }
}
